import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { triageLevels, type TriageLevel } from '../../../shared/contract/conversations.js'

const caseFile = z.partialRecord(z.enum(triageLevels), z.array(z.coerce.string().min(1)))

export interface LabelledText {
  readonly text: string
  readonly level: TriageLevel
  /** The file it stands in. */
  readonly file: string
}

/** The texts of the labelled cases by path: what the second look learns from. */
export async function readCaseSources(folder: string): Promise<ReadonlyMap<string, string>> {
  const inFolder = async (path: string): Promise<string[]> =>
    (await readdir(join(folder, path))).filter((file) => file.endsWith('.yaml')).sort().map((file) => join(folder, path, file))
  const paths = [...await inFolder('cases'), ...await inFolder(join('cases', 'wide'))]
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)))
}

/** @throws Error naming the file that is malformed */
export function parseCases(sources: ReadonlyMap<string, string>): LabelledText[] {
  return [...sources].flatMap(([file, text]) => {
    const result = caseFile.safeParse(parse(text))
    if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`)
    return triageLevels.flatMap((level) => (result.data[level] ?? []).map((entry) => ({ text: entry, level, file })))
  })
}

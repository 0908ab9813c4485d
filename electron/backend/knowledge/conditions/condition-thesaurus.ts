/**
 * The condition thesaurus: the names of each condition in both languages, the clinical words that texts use of it, and how patients describe
 * it without naming it. It leads from a lay question to documents that name the condition; it diagnoses nothing and is shown to nobody.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readYaml } from '../language/parsed-yaml.js'

const phrases = z.array(z.string().trim().min(2)).min(1)
const bilingual = z.object({ en: phrases, fr: phrases })
const condition = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  /** The usual name first, then synonyms, variants and abbreviations. */
  names: bilingual,
  /** Clinical words, in English. */
  signs: z.string().trim().min(2),
  said: bilingual,
})
const conditionFile = z.array(condition)

export type Condition = z.infer<typeof condition>

/** Reads every condition of a folder's YAML files; `cacheFolder` keeps what they parse to. Throws Error naming the file when one is not valid, or when two conditions share an id. */
export async function readConditions(folder: string, cacheFolder: string | null = null): Promise<Condition[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  const seen = new Map<string, string>()
  const read = files.map(async (file) => {
    const parsed = conditionFile.safeParse(await readYaml(join(folder, file), cacheFolder))
    if (!parsed.success) throw new Error(`${file}: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? 'is not valid'}`)
    return { file, conditions: parsed.data }
  })
  return (await Promise.all(read)).flatMap(({ file, conditions }) => {
    for (const { id } of conditions) {
      const before = seen.get(id)
      if (before !== undefined) throw new Error(`${file}: the condition ${id} is also in ${before}`)
      seen.set(id, file)
    }
    return conditions
  })
}

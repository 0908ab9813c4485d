import { readFile } from 'node:fs/promises'
import type { Weights } from './second-look.js'

/** What `second-look.tsv` holds. */
export interface SecondLookFile {
  /** Of the cases and rule files from which the weights were learned. */
  readonly digest: string
  readonly weights: ReadonlyMap<string, Weights>
}

const heading = 'feature\temergency\turgent\troutine (hundredths); learned from '

/** Reads the weights of the second look. @throws Error naming the file when it is missing or malformed */
export async function readSecondLook(path: string): Promise<SecondLookFile> {
  const [first = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n')
  if (!first.startsWith(heading)) throw new Error(`${path}: the first line is not as expected`)
  const weights = new Map<string, Weights>()
  for (const line of lines) {
    const [feature, emergency, urgent, routine] = line.split('\t')
    const entry: Weights = [Number(emergency) / 100, Number(urgent) / 100, Number(routine) / 100]
    if (feature === undefined || !entry.every(Number.isFinite)) throw new Error(`${path}: malformed line "${line.slice(0, 60)}"`)
    weights.set(feature, entry)
  }
  return { digest: first.slice(heading.length), weights }
}

/** The file's text: one line a feature, sorted, so that a change can be reviewed. */
export function writeSecondLook({ digest, weights }: SecondLookFile): string {
  const lines = [...weights].map(([feature, entry]) => [feature, ...entry.map((value) => Math.round(value * 100))].join('\t'))
  return `${[heading + digest, ...lines.sort()].join('\n')}\n`
}

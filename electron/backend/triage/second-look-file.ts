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
  const text = (await readFile(path, 'utf8')).trimEnd()
  const firstEnd = text.includes('\n') ? text.indexOf('\n') : text.length
  const first = text.slice(0, firstEnd)
  if (!first.startsWith(heading)) throw new Error(`${path}: the first line is not as expected`)
  const weights = new Map<string, Weights>()
  // Line by line without an array of all lines: the start of the program waits for this.
  for (let from = firstEnd + 1; from < text.length;) {
    const next = text.indexOf('\n', from)
    const line = text.slice(from, next < 0 ? text.length : next)
    const [feature, emergency, urgent, routine] = line.split('\t')
    const entry: Weights = [Number(emergency) / 100, Number(urgent) / 100, Number(routine) / 100]
    if (feature === undefined || !entry.every(Number.isFinite)) throw new Error(`${path}: malformed line "${line.slice(0, 60)}"`)
    weights.set(feature, entry)
    from += line.length + 1
  }
  return { digest: first.slice(heading.length), weights }
}

/** The file's text: one line a feature, sorted, so that a change can be reviewed. */
export function writeSecondLook({ digest, weights }: SecondLookFile): string {
  const lines = [...weights].map(([feature, entry]) => [feature, ...entry.map((value) => Math.round(value * 100))].join('\t'))
  return `${[heading + digest, ...lines.sort()].join('\n')}\n`
}

/** Finds medicines in a folded text, with the families that they belong to. */
import { foldText } from '../../knowledge/language/fold-text.js'
import type { MedicineEntry } from './answer-rules.js'
import { anyOf } from './phrase-pattern.js'

export interface MedicineMention {
  start: number
  end: number
  families: readonly string[]
}

export class MedicineNames {
  readonly #pattern: RegExp
  readonly #byName: ReadonlyMap<string, MedicineEntry>

  constructor(entries: readonly MedicineEntry[]) {
    this.#byName = new Map(entries.flatMap((entry) => entry.names.map((name) => [key(foldText(name)), entry] as const)))
    this.#pattern = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${anyOf(entries.flatMap((entry) => entry.names))})(?![\p{L}\p{N}])`, 'gu')
  }

  /** The medicines named in a folded text, in order. */
  in(folded: string): MedicineMention[] {
    return [...folded.matchAll(this.#pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      families: this.#byName.get(key(match[0]))?.families ?? [],
    }))
  }
}

function key(name: string): string {
  return name.replace(/[\s\u00a0-]+/g, ' ').trim()
}

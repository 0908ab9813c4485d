/** Finds the names of diseases in a folded text. */
import type { Language } from '../../../../shared/contract/common.js'
import { foldText } from '../../knowledge/language/fold-text.js'
import type { DiseaseEntry } from './answer-rules.js'
import { anyOf } from './phrase-pattern.js'

export class DiseaseNames {
  /** Pattern of every name, for use inside larger ones. */
  readonly sources: Record<Language, { all: string; particular: string; being: string }>
  readonly #ids: Record<Language, ReadonlyMap<string, string>>
  readonly #patterns: Record<Language, RegExp>

  constructor(entries: readonly DiseaseEntry[]) {
    const ofLanguage = (language: Language) => {
      const all = entries.flatMap((entry) => entry[language])
      const particular = entries.filter((entry) => !entry.general).flatMap((entry) => entry[language])
      const being = entries.flatMap((entry) => entry.being?.[language] ?? [])
      return { all: anyOf(all), particular: anyOf(particular), being: anyOf(being) }
    }
    const idsOf = (language: Language) =>
      new Map(entries.flatMap((entry) => [...entry[language], ...(entry.being?.[language] ?? [])].map((name) => [normalised(foldText(name)), entry.id] as const)))
    this.sources = { en: ofLanguage('en'), fr: ofLanguage('fr') }
    this.#ids = { en: idsOf('en'), fr: idsOf('fr') }
    const pattern = (language: Language): RegExp =>
      new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${this.sources[language].being}|${this.sources[language].all})s?(?![\p{L}\p{N}])`, 'gu')
    this.#patterns = { en: pattern('en'), fr: pattern('fr') }
  }

  /** The id of a disease by a name as it was matched. */
  idOf(name: string, language: Language): string | null {
    const key = normalised(name)
    return this.#ids[language].get(key) ?? this.#ids[language].get(key.replace(/s$/, '')) ?? null
  }

  /** The diseases that a text names, in any of the two languages. */
  idsIn(text: string): Set<string> {
    const folded = foldText(text)
    const ids = new Set<string>()
    for (const language of ['en', 'fr'] as const) {
      for (const match of folded.matchAll(this.#patterns[language])) {
        const id = this.idOf(match[0], language)
        if (id) ids.add(id)
      }
    }
    return ids
  }
}

function normalised(name: string): string {
  return name.replace(/[\s\u00a0-]+/g, ' ').trim()
}

/**
 * Which conditions a question's words may point to, and which conditions a document is about. A question is matched by keyword against what
 * patients say (BM25 over each condition's names, clinical words and lay descriptions); a document by the names in its title.
 */
import type { Language } from '../../../../shared/contract/common.js'
import { foldedWords, stemWord } from '../language/text-terms.js'
import { KeywordIndex } from '../search/keyword-index.js'
import type { SlotMask } from '../search/slot-mask.js'
import type { Condition } from './condition-thesaurus.js'

/** A condition's number, its place in the thesaurus, with how much of the question its words hold, 0 to 1. */
export interface FoundCondition {
  condition: number
  share: number
}

interface Name {
  stems: readonly string[]
  condition: number
}

export class ConditionFinder {
  readonly #said = { en: new KeywordIndex('en'), fr: new KeywordIndex('fr') }
  /** By language and first stem of the name. */
  readonly #names: Record<Language, Map<string, Name[]>> = { en: new Map(), fr: new Map() }
  readonly #all: SlotMask
  readonly #conditions: readonly Condition[]

  constructor(conditions: readonly Condition[]) {
    this.#conditions = conditions
    this.#all = new Uint8Array(conditions.length).fill(1)
    for (const [number, { names, said, signs }] of conditions.entries()) {
      this.#said.en.add(number, { title: names.en.join('\n'), heading: '', content: [...said.en, signs].join('\n'), keywords: [] })
      this.#said.fr.add(number, { title: names.fr.join('\n'), heading: '', content: said.fr.join('\n'), keywords: [] })
      for (const language of ['en', 'fr'] as const) {
        for (const name of names[language]) this.#addName(language, wordStems(name, language), number)
      }
    }
  }

  /** The conditions that share words with a question, best first. */
  find(question: string, language: Language): FoundCondition[] {
    return this.#said[language].search(question, this.#all).map(({ slot, score }) => ({ condition: slot, share: score }))
  }

  /** Every term of the thesaurus in a language. */
  terms(language: Language): Iterable<string> {
    return this.#said[language].terms()
  }

  /** The conditions that a title names; where one name lies within another (malaria in pregnancy, malaria) the longer one counts. */
  namedIn(title: string, language: Language): number[] {
    const stems = wordStems(title, language)
    const spans: { from: number; to: number; condition: number }[] = []
    for (const [from, stem] of stems.entries()) {
      for (const name of this.#names[language].get(stem) ?? []) {
        if (name.stems.every((part, at) => stems[from + at] === part)) spans.push({ from, to: from + name.stems.length, condition: name.condition })
      }
    }
    const longest = spans.filter((span) => !spans.some((other) => other.from <= span.from && other.to >= span.to && other.to - other.from > span.to - span.from))
    // Of two different conditions the one that is the whole title: "Malaria" and not "Malaria (see also: fever)".
    const whole = longest.filter(({ from, to }) => from === 0 && to === stems.length)
    return [...new Set((whole.length > 0 ? whole : longest).map(({ condition }) => condition))]
  }

  /** Other English names of the conditions that a text names: "impotence" for "erectile dysfunction". */
  otherNames(text: string, language: Language): string[] {
    return this.namedIn(text, language).flatMap((condition) => this.#conditions[condition]?.names.en ?? [])
  }

  #addName(language: Language, stems: string[], condition: number): void {
    const [first] = stems
    if (first === undefined) return
    const known = this.#names[language].get(first)
    if (known) known.push({ stems, condition })
    else this.#names[language].set(first, [{ stems, condition }])
  }
}

/** Every word's stem, small words too: without them "vitamin A deficiency" and "vitamin K deficiency" would be one name. */
function wordStems(text: string, language: Language): string[] {
  return foldedWords(text, language).map((word) => stemWord(word, language))
}

/** From ranked sections to passages: the best of each section in the asker's language, without repeats, at most two a section. */
import type { Language } from '../../../../shared/contract/common.js'
import { foldText } from '../language/fold-text.js'
import type { IndexedPassage } from '../passages/document.js'
import { pairPassages } from '../passages/passage-pairs.js'
import type { PassageTerms } from './passage-terms.js'
import type { Section } from './section-table.js'

const passagesASection = 2
/** A section's second passage comes behind the first passage of a section that is about as good. */
const secondPassage = 0.7
/** Sections looked into beyond those that will be shown, for those that give nothing new. */
const spareSections = 8

export interface PassageChoiceOptions {
  language: Language
  /** The question's terms in each language, with how telling they are. */
  terms: Record<Language, ReadonlyMap<string, number>>
  passageTerms: PassageTerms
  /** How near a passage comes by meaning, or null without a model. */
  cosine: ((passage: IndexedPassage) => number) | null
  /** Least nearness of a passage, 0 to 1: by meaning, by keyword or by its section's conditions. */
  leastNearness: number | null
  conditionShare: (section: Section) => number
}

interface Chosen {
  passage: IndexedPassage
  score: number
}

export class PassageChoice {
  readonly #options: PassageChoiceOptions

  constructor(options: PassageChoiceOptions) {
    this.#options = options
  }

  /** The passages to show, best first; a score is the section's, less for a second passage. */
  choose(sections: readonly { item: Section; score: number }[], topK: number): Chosen[] {
    const chosen: Chosen[] = []
    for (const { item: section, score } of sections.slice(0, topK + spareSections)) {
      const [first, second] = this.#bestOf(section)
      if (first) chosen.push({ passage: first.passage, score })
      if (first && second && passagesASection > 1) chosen.push({ passage: second.passage, score: score * secondPassage * Math.min(1, second.worth / (first.worth || 1)) })
    }
    chosen.sort((one, other) => other.score - one.score)
    const texts = new Set<string>()
    const results: Chosen[] = []
    for (const candidate of chosen) {
      const text = foldText(candidate.passage.content)
      if (results.length >= topK) break
      if (texts.has(text)) continue
      texts.add(text)
      results.push(candidate)
    }
    return results
  }

  /** A section's passages in the asker's language where it has that side, best first; a hit on one side is a hit on both. */
  #bestOf(section: Section): { passage: IndexedPassage; worth: number }[] {
    const { language, leastNearness, conditionShare } = this.#options
    const own = section.passages.filter((passage) => passage.lang === language)
    const shown = own.length > 0 ? own : section.passages
    const pairs = own.length > 0 && own.length < section.passages.length ? pairPassages(section.passages) : null
    const bySection = conditionShare(section)
    return shown
      .map((passage) => {
        const both = [passage, ...(pairs?.get(passage) ?? [])]
        const cosine = Math.max(0, ...both.map((side) => this.#options.cosine?.(side) ?? 0))
        const share = Math.max(0, ...both.map((side) => this.#share(side)))
        return { passage, worth: cosine + share, nearness: Math.max(cosine, share, bySection) }
      })
      .filter(({ nearness }) => leastNearness === null || nearness >= leastNearness)
      .sort((one, other) => other.worth - one.worth || one.passage.ordinal - other.passage.ordinal)
  }

  /** The telling part of the question's terms that a passage holds, 0 to 1. */
  #share(passage: IndexedPassage): number {
    const asked = this.#options.terms[passage.lang]
    if (asked.size === 0) return 0
    let all = 0
    let shared = 0
    for (const [term, weight] of asked) {
      all += weight
      if (this.#options.passageTerms.holds(passage, term)) shared += weight
    }
    return all === 0 ? 0 : shared / all
  }
}

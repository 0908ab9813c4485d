/** BM25 (Robertson and Zaragoza 2009; k1 1.2, b 0.75) over the passages of one language. Scores are by slot, the passage's place in the index. */
import type { Language } from '../../../../shared/contract/common.js'
import { textTerms } from '../language/text-terms.js'

const k1 = 1.2
const b = 0.75
/** How many times a term of each part counts. A document's keywords are what people call the thing. */
const titleWeight = 3
const headingWeight = 1
const keywordWeight = 2

export interface KeywordFields {
  title: string
  heading: string
  content: string
  keywords: readonly string[]
}

interface Posting {
  slots: number[]
  frequencies: number[]
}

export class KeywordIndex {
  readonly #language: Language
  readonly #postings = new Map<string, Posting>()
  readonly #lengths = new Map<number, number>()
  #totalLength = 0

  constructor(language: Language) {
    this.#language = language
  }

  /** Adds a passage under a slot that is not in use. */
  add(slot: number, fields: KeywordFields): void {
    const frequencies = this.#frequencies(fields)
    let length = 0
    for (const [term, frequency] of frequencies) {
      length += frequency
      let posting = this.#postings.get(term)
      if (!posting) this.#postings.set(term, (posting = { slots: [], frequencies: [] }))
      posting.slots.push(slot)
      posting.frequencies.push(frequency)
    }
    this.#lengths.set(slot, length)
    this.#totalLength += length
  }

  /** Removes a passage; its fields must be those that were added. */
  remove(slot: number, fields: KeywordFields): void {
    for (const term of this.#frequencies(fields).keys()) {
      const posting = this.#postings.get(term)
      const at = posting?.slots.indexOf(slot) ?? -1
      if (!posting || at < 0) continue
      posting.slots.splice(at, 1)
      posting.frequencies.splice(at, 1)
      if (posting.slots.length === 0) this.#postings.delete(term)
    }
    this.#totalLength -= this.#lengths.get(slot) ?? 0
    this.#lengths.delete(slot)
  }

  /**
   * Scores of the passages that share a term with the query, among those that may be read.
   * A score is BM25 divided by the most that the query could reach, so it lies between 0 and 1.
   */
  search(query: string, isReadable: (slot: number) => boolean): Map<number, number> {
    const scores = new Map<number, number>()
    const count = this.#lengths.size
    if (count === 0) return scores
    const averageLength = this.#totalLength / count
    let most = 0
    for (const term of new Set(textTerms(query, this.#language))) {
      const posting = this.#postings.get(term)
      const matching = posting?.slots.length ?? 0
      const inverseFrequency = Math.log(1 + (count - matching + 0.5) / (matching + 0.5))
      most += inverseFrequency * (k1 + 1)
      if (!posting) continue
      for (const [at, slot] of posting.slots.entries()) {
        if (!isReadable(slot)) continue
        const frequency = posting.frequencies[at] ?? 0
        const length = this.#lengths.get(slot) ?? averageLength
        const gain = (inverseFrequency * frequency * (k1 + 1)) / (frequency + k1 * (1 - b + (b * length) / averageLength))
        scores.set(slot, (scores.get(slot) ?? 0) + gain)
      }
    }
    for (const [slot, score] of scores) scores.set(slot, score / most)
    return scores
  }

  #frequencies({ title, heading, content, keywords }: KeywordFields): Map<string, number> {
    const frequencies = new Map<string, number>()
    const count = (text: string, weight: number): void => {
      for (const term of textTerms(text, this.#language)) frequencies.set(term, (frequencies.get(term) ?? 0) + weight)
    }
    count(title, titleWeight)
    count(heading, headingWeight)
    count(content, 1)
    // A word that stands in many of the keyword phrases counts once.
    for (const term of new Set(keywords.flatMap((keyword) => textTerms(keyword, this.#language)))) {
      frequencies.set(term, (frequencies.get(term) ?? 0) + keywordWeight)
    }
    return frequencies
  }
}

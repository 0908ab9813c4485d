/**
 * BM25 (Robertson and Zaragoza 2009; k1 1.2, b 0.75) over the passages of one language. A passage's slot is its place in the retriever. In here
 * it has a number that rises from passage to passage, so that a removed one can stay in the postings until many have gone.
 */
import type { Language } from '../../../../shared/contract/common.js'
import { textTerms } from '../language/text-terms.js'
import { PassageScorer, type ScoredTerm } from './passage-scorer.js'
import { frequencyOf, mostFrequent, passageLimit, passageOf, PostingLists } from './posting-lists.js'
import type { SlotMask } from './slot-mask.js'
import { TermDictionary } from './term-dictionary.js'

const k1 = 1.2
const b = 0.75
/** How many times a term of each part counts. A document's keywords are what people call the thing. */
const titleWeight = 3
const headingWeight = 1
const keywordWeight = 2
/** The removed passages leave the postings when they are more than this and more than this share of those that are there. */
const removedAtMost = { passages: 1000, share: 0.3 }
const removed = -1

export interface KeywordFields {
  title: string
  heading: string
  content: string
  keywords: readonly string[]
}

/** A term as `textTerms` gives it, and how much it counts (above 0). */
export interface WeightedTerm {
  term: string
  weight: number
}

/** A part of a query. Its own score lies between 0 and 1 and counts by its share (above 0); the parts' scores add up. */
export interface KeywordPart {
  terms: string | readonly WeightedTerm[]
  share: number
}

export interface KeywordHit {
  slot: number
  score: number
}

export class KeywordIndex {
  readonly #language: Language
  readonly #dictionary: TermDictionary
  readonly #scorer = new PassageScorer()
  readonly #postings = new PostingLists()
  readonly #numbers = new Map<number, number>()
  /** By number: the slot, or `removed`. */
  #slots = new Int32Array(1024)
  /** By number: the sum of the frequencies of its terms. */
  #lengths = new Uint32Array(1024)
  #nextNumber = 0
  #totalLength = 0
  /** Raised at every change. */
  #state = 0
  #norms = { state: -1, values: new Float64Array(0) }
  #readable: { state: number; mask: SlotMask | null; values: Uint8Array } = { state: -1, mask: null, values: new Uint8Array(0) }
  /** By term: the passages in which it stands, without the removed ones. */
  #matching = new Uint32Array(1024)
  /** By term: the greatest f / (f + norm) of its postings, and the state of the index for which it holds. */
  readonly #greatest = new Map<number, { state: number; value: number }>()
  /** By term: its frequency in the passage that is being read; 0 in between. */
  #frequencies = new Uint32Array(1024)
  /** The terms of that passage. */
  #found = new Int32Array(1024)

  constructor(language: Language) {
    this.#language = language
    this.#dictionary = new TermDictionary(language)
  }

  /** Number of passages. */
  get size(): number {
    return this.#numbers.size
  }

  /** Adds a passage under a slot that is not in use. Throws RangeError where it is, and when the index is full (some million passages). */
  add(slot: number, fields: KeywordFields): void {
    if (this.#numbers.has(slot)) throw new RangeError(`the slot ${slot} is in use`)
    if (this.#nextNumber === passageLimit) this.#compact()
    if (this.#nextNumber === passageLimit) throw new RangeError('the keyword index is full')
    const number = this.#nextNumber++
    if (number === this.#slots.length) {
      this.#slots = enlarged(this.#slots, new Int32Array(number * 2))
      this.#lengths = enlarged(this.#lengths, new Uint32Array(number * 2))
    }
    let length = 0
    for (const term of this.#readTerms(fields)) {
      const frequency = this.#takeFrequency(term)
      this.#postings.add(term, number, frequency)
      this.#matching[term]!++
      length += frequency
    }
    this.#numbers.set(slot, number)
    this.#slots[number] = slot
    this.#lengths[number] = length
    this.#totalLength += length
    this.#state++
  }

  /** Removes a passage; its fields must be those that were added. */
  remove(slot: number, fields: KeywordFields): void {
    const number = this.#numbers.get(slot)
    if (number === undefined) return
    for (const term of this.#readTerms(fields)) {
      this.#takeFrequency(term)
      this.#matching[term]!--
    }
    this.#numbers.delete(slot)
    this.#slots[number] = removed
    this.#totalLength -= this.#lengths[number]!
    this.#state++
    const left = this.#nextNumber - this.#numbers.size
    if (left > removedAtMost.passages && left > this.#numbers.size * removedAtMost.share) this.#compact()
  }

  /**
   * The passages that share a term with the query, among those that may be read: at most `count` that score at least `minimum`, best first, of
   * equal ones those in lower slots. The score of a text is BM25 divided by the most that the text could reach, so it lies between 0 and 1.
   */
  search(query: string | readonly KeywordPart[], readable: SlotMask, { count = Infinity, minimum = 0 }: { count?: number; minimum?: number } = {}): KeywordHit[] {
    if (this.#numbers.size === 0 || count < 1) return []
    const parts = typeof query === 'string' ? [{ terms: query, share: 1 }] : query
    const terms = parts.flatMap((part, at) => this.#scoredTerms(part, at))
    return this.#scorer
      .best({ terms, norms: this.#currentNorms(), readable: this.#readableNumbers(readable), count, minimum })
      .map(({ passage, score }) => ({ slot: this.#slots[passage]!, score }))
      .sort((one, other) => other.score - one.score || one.slot - other.slot)
      .slice(0, count)
  }

  /** Every term that a text has held. */
  terms(): Iterable<string> {
    return this.#dictionary.terms()
  }

  /** How telling a term is: its inverse document frequency, greatest for one that stands nowhere. */
  inverseFrequency(term: string): number {
    const id = this.#dictionary.find(term)
    return this.#inverseFrequency(id === undefined ? 0 : (this.#matching[id] ?? 0))
  }

  #inverseFrequency(matching: number): number {
    return Math.log(1 + (this.#numbers.size - matching + 0.5) / (matching + 0.5))
  }

  /** Those terms of a part that stand in a passage. */
  #scoredTerms({ terms, share }: KeywordPart, part: number): ScoredTerm[] {
    const asked = typeof terms === 'string' ? [...new Set(textTerms(terms, this.#language))].map((term) => ({ term, weight: 1 })) : terms
    const found: { term: number; factor: number }[] = []
    let most = 0
    for (const { term: word, weight } of asked) {
      const term = this.#dictionary.find(word)
      const matching = term === undefined ? 0 : (this.#matching[term] ?? 0)
      const factor = weight * this.#inverseFrequency(matching) * (k1 + 1)
      most += factor
      if (term !== undefined && matching > 0) found.push({ term, factor })
    }
    return found.map(({ term, factor }) => ({ part, term, postings: this.#postings.of(term), factor, most, share, greatest: this.#greatestOf(term) }))
  }

  #greatestOf(term: number): number {
    const known = this.#greatest.get(term)
    if (known?.state === this.#state) return known.value
    const norms = this.#currentNorms()
    let value = 0
    for (const posting of this.#postings.of(term)) {
      const frequency = frequencyOf(posting)
      const part = frequency / (frequency + norms[passageOf(posting)]!)
      if (part > value) value = part
    }
    this.#greatest.set(term, { state: this.#state, value })
    return value
  }

  /** By number: k1 · (1 - b + b · length / average length), which a passage's gains have beside the frequency in their denominator. */
  #currentNorms(): Float64Array {
    if (this.#norms.state !== this.#state) {
      const averageLength = this.#totalLength / this.#numbers.size
      const values = this.#norms.values.length < this.#nextNumber ? new Float64Array(this.#slots.length) : this.#norms.values
      for (let number = 0; number < this.#nextNumber; number++) values[number] = k1 * (1 - b + (b * this.#lengths[number]!) / averageLength)
      this.#norms = { state: this.#state, values }
    }
    return this.#norms.values
  }

  #readableNumbers(mask: SlotMask): Uint8Array {
    if (this.#readable.state !== this.#state || this.#readable.mask !== mask) {
      const values = this.#readable.values.length < this.#nextNumber ? new Uint8Array(this.#slots.length) : this.#readable.values
      for (let number = 0; number < this.#nextNumber; number++) {
        const slot = this.#slots[number]!
        values[number] = slot === removed ? 0 : (mask[slot] ?? 0)
      }
      this.#readable = { state: this.#state, mask, values }
    }
    return this.#readable.values
  }

  /** The terms of a passage, each once; `#frequencies` holds how often, until it is taken. */
  #readTerms({ title, heading, content, keywords }: KeywordFields): Int32Array {
    let found = this.#count(title, titleWeight, 0)
    found = this.#count(heading, headingWeight, found)
    found = this.#count(content, 1, found)
    // A word that stands in many of the keyword phrases counts once.
    if (keywords.length > 0) {
      const ofKeywords = new Set(keywords.flatMap((keyword) => [...this.#dictionary.read(keyword)]))
      found = this.#countTerms([...ofKeywords], keywordWeight, found)
    }
    return this.#found.subarray(0, found)
  }

  #count(text: string, weight: number, alreadyFound: number): number {
    return text === '' ? alreadyFound : this.#countTerms(this.#dictionary.read(text), weight, alreadyFound)
  }

  #countTerms(terms: ArrayLike<number>, weight: number, alreadyFound: number): number {
    if (this.#frequencies.length < this.#dictionary.size) {
      this.#frequencies = enlarged(this.#frequencies, new Uint32Array(this.#dictionary.size * 2))
      this.#matching = enlarged(this.#matching, new Uint32Array(this.#dictionary.size * 2))
    }
    if (this.#found.length < alreadyFound + terms.length) this.#found = enlarged(this.#found, new Int32Array((alreadyFound + terms.length) * 2))
    let found = alreadyFound
    for (let at = 0; at < terms.length; at++) {
      const term = terms[at]!
      if (this.#frequencies[term] === 0) this.#found[found++] = term
      this.#frequencies[term]! += weight
    }
    return found
  }

  #takeFrequency(term: number): number {
    const frequency = Math.min(this.#frequencies[term]!, mostFrequent)
    this.#frequencies[term] = 0
    return frequency
  }

  /** Takes the removed passages out of the postings and numbers the others anew. */
  #compact(): void {
    const numbers = new Int32Array(this.#nextNumber)
    let next = 0
    for (let number = 0; number < this.#nextNumber; number++) {
      const slot = this.#slots[number]!
      numbers[number] = slot === removed ? -1 : next
      if (slot === removed) continue
      this.#numbers.set(slot, next)
      this.#slots[next] = slot
      this.#lengths[next] = this.#lengths[number]!
      next++
    }
    this.#postings.renumber(numbers)
    this.#nextNumber = next
    this.#state++
  }
}

function enlarged<Numbers extends Int32Array | Uint32Array>(before: Numbers, larger: Numbers): Numbers {
  larger.set(before)
  return larger
}

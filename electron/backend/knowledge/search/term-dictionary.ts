/** The terms of a corpus by number, and quick reading of a text's terms: a word that was seen before costs one look-up. */
import type { Language } from '../../../../shared/contract/common.js'
import { textTerms } from '../language/text-terms.js'
import { addToHash, emptyHash, WordTable } from './word-table.js'

/** Words that are remembered; then it begins anew. A corpus of 50,000 passages has some 40,000. */
const rememberedWords = 250_000
const noTerm = -1
/** The number of the word in `#several` is this minus what stands for it. */
const severalTerms = -2

export class TermDictionary {
  readonly #language: Language
  readonly #ids = new Map<string, number>()
  /** Words as they are written, with their punctuation, and by number what they come to: a term, `noTerm`, or several. */
  #words = new WordTable()
  #termOfWord = new Int32Array(4096)
  #several: (readonly number[])[] = []
  #found = new Int32Array(1024)

  constructor(language: Language) {
    this.#language = language
  }

  /** Number of terms. */
  get size(): number {
    return this.#ids.size
  }

  terms(): Iterable<string> {
    return this.#ids.keys()
  }

  /** A term's number, or undefined when no text held it. */
  find(term: string): number | undefined {
    return this.#ids.get(term)
  }

  /** The numbers of a text's terms in order, those of `textTerms`; new terms get new numbers. Holds until the next call. */
  read(text: string): Int32Array {
    // No term spans white space (a test holds this), so that a text's terms are those of its words one after the other.
    let count = 0
    let start = 0
    let hash = emptyHash
    for (let at = 0; at <= text.length; at++) {
      const unit = at < text.length ? text.charCodeAt(at) : 32
      if (unit !== 32 && (unit > 13 || unit < 9)) {
        hash = addToHash(hash, unit)
        continue
      }
      if (at > start) {
        const term = this.#termOf(text, start, at, hash)
        if (term >= 0) count = this.#note(term, count)
        else if (term <= severalTerms) for (const id of this.#several[severalTerms - term]!) count = this.#note(id, count)
      }
      start = at + 1
      hash = emptyHash
    }
    return this.#found.subarray(0, count)
  }

  #note(term: number, count: number): number {
    if (count === this.#found.length) this.#found = doubled(this.#found)
    this.#found[count] = term
    return count + 1
  }

  #termOf(text: string, start: number, end: number, hash: number): number {
    if (this.#words.size >= rememberedWords) {
      this.#words = new WordTable()
      this.#several = []
    }
    const known = this.#words.size
    const word = this.#words.numberOf(text, start, end, hash)
    if (word < known) return this.#termOfWord[word]!
    if (word === this.#termOfWord.length) this.#termOfWord = doubled(this.#termOfWord)
    return (this.#termOfWord[word] = this.#standFor(textTerms(text.slice(start, end), this.#language)))
  }

  #standFor(terms: readonly string[]): number {
    const ids = terms.map((term) => {
      const known = this.#ids.get(term)
      if (known === undefined) this.#ids.set(term, this.#ids.size)
      return known ?? this.#ids.size - 1
    })
    if (ids.length < 2) return ids[0] ?? noTerm
    return severalTerms - (this.#several.push(ids) - 1)
  }
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}

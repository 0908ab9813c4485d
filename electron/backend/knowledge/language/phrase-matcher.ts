/** Finds known phrases in a text by their stemmed or exact words, the longest first. */
import type { Language } from '../../../../shared/contract/common.js'
import { foldedWords, stemWord } from './text-terms.js'

/** A run of the text's words: with the value of the phrase that it matched, or one unmatched word. */
export type PhraseMatch<Value> = { words: string[]; value: Value } | { words: [string]; value: null }

export class PhraseMatcher<Value> {
  readonly #phrases = new Map<string, Value>()
  readonly #language: Language
  readonly #exact: boolean
  #longest = 0

  /** `exact` compares folded words as they are: for a text that may be in another language, where endings mislead (aide, AIDS). */
  constructor(language: Language, options: { exact?: boolean } = {}) {
    this.#language = language
    this.#exact = options.exact ?? false
  }

  /** Adds a phrase; the first value of a phrase stays. */
  add(phrase: string, value: Value): void {
    const stems = this.#stems(foldedWords(phrase, this.#language))
    const key = stems.join(' ')
    if (key === '' || this.#phrases.has(key)) return
    this.#phrases.set(key, value)
    this.#longest = Math.max(this.#longest, stems.length)
  }

  /** The text as matched phrases and single unmatched words, in order. */
  match(text: string): PhraseMatch<Value>[] {
    const words = foldedWords(text, this.#language)
    const stems = this.#stems(words)
    const matches: PhraseMatch<Value>[] = []
    for (let at = 0; at < words.length; ) {
      let length = Math.min(this.#longest, words.length - at)
      let value: Value | undefined
      for (; length > 0; length--) {
        value = this.#phrases.get(stems.slice(at, at + length).join(' '))
        if (value !== undefined) break
      }
      if (value === undefined) {
        matches.push({ words: [words[at] ?? ''], value: null })
        at++
      } else {
        matches.push({ words: words.slice(at, at + length), value })
        at += length
      }
    }
    return matches
  }

  /** Whether any phrase occurs in the text. */
  occursIn(text: string): boolean {
    return this.match(text).some((match) => match.value !== null)
  }

  #stems(words: readonly string[]): string[] {
    return this.#exact ? [...words] : words.map((word) => stemWord(word, this.#language))
  }
}

/**
 * Mends typing slips: a word that no text of the device knows gives way to the known word that shares most of its letter trigrams
 * (Dice's coefficient), if one is near enough. French run together ("jurine", "lecole") is taken apart first.
 */
import type { Language } from '../../../../shared/contract/common.js'
import { isStopWord } from './stop-words.js'
import { foldedWords, stemWord } from './text-terms.js'

/** Dice's coefficient from which a word is taken for another; measured on misspelt complaints: below, half of the changes are wrong. */
const leastLikeness = 0.65
/** A shorter word has too few trigrams to tell. */
const leastLetters = 5
/** What people leave the apostrophe out of, before a vowel or h. */
const elided = /^(?:qu|[cdjlmnst])(?=[aeiouyh])/

export class Spelling {
  readonly #language: Language
  readonly #words: string[] = []
  readonly #known = new Set<string>()
  /** By trigram the numbers of the words that hold it. */
  readonly #byTrigram = new Map<string, number[]>()
  readonly #trigramCounts: number[] = []

  constructor(language: Language) {
    this.#language = language
  }

  /** Adds the words of a text to those that are known. */
  addText(text: string): void {
    for (const word of foldedWords(text, this.#language)) this.addWord(word)
  }

  /** Adds a folded word or stem. */
  addWord(word: string): void {
    if (this.#known.has(word)) return
    this.#known.add(word)
    this.#known.add(stemWord(word, this.#language))
    if (word.length < leastLetters - 1 || /\d/.test(word)) return
    const number = this.#words.push(word) - 1
    const trigrams = trigramsOf(word)
    this.#trigramCounts.push(trigrams.size)
    for (const trigram of trigrams) {
      const holders = this.#byTrigram.get(trigram)
      if (holders) holders.push(number)
      else this.#byTrigram.set(trigram, [number])
    }
  }

  /** The text with each unknown word mended where a known one is near; everything else as it was written. */
  mend(text: string): string {
    return text.replace(/[\p{L}\p{N}]+/gu, (written) => {
      const [word, ...more] = foldedWords(written, this.#language)
      if (word === undefined || more.length > 0 || this.#isKnown(word) || word.length < leastLetters || /\d/.test(word)) return written
      if (this.#language === 'fr') {
        const apart = word.replace(elided, '')
        if (apart !== word && apart.length >= leastLetters - 1 && this.#isKnown(apart)) return apart
      }
      return this.#nearest(word) ?? written
    })
  }

  #isKnown(word: string): boolean {
    return isStopWord(word, this.#language) || this.#known.has(word) || this.#known.has(stemWord(word, this.#language))
  }

  /** The known word with the same first letter that is nearest; of equally near ones the one that was known first. */
  #nearest(word: string): string | null {
    const trigrams = trigramsOf(word)
    const shared = new Map<number, number>()
    for (const trigram of trigrams) for (const number of this.#byTrigram.get(trigram) ?? []) shared.set(number, (shared.get(number) ?? 0) + 1)
    let nearest: string | null = null
    let greatest = leastLikeness
    for (const [number, count] of shared) {
      const candidate = this.#words[number]
      if (candidate === undefined || candidate[0] !== word[0]) continue
      const likeness = (2 * count) / (trigrams.size + (this.#trigramCounts[number] ?? 0))
      if (likeness > greatest) {
        greatest = likeness
        nearest = candidate
      }
    }
    return nearest
  }
}

function trigramsOf(word: string): Set<string> {
  const framed = `^${word}$`
  const trigrams = new Set<string>()
  for (let at = 0; at + 3 <= framed.length; at++) trigrams.add(framed.slice(at, at + 3))
  return trigrams
}

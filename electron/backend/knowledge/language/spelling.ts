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
  readonly #known = new Set<string>()
  /** The words that may be meant, by their first letter, in the order in which they were added. An index by trigram would cost more than all searches. */
  readonly #byFirstLetter = new Map<string, string[]>()

  constructor(language: Language) {
    this.#language = language
  }

  /** Adds the words of a text to those that are known. */
  addText(text: string): void {
    for (const word of foldedWords(text, this.#language)) this.addWord(word)
  }

  /** Adds a folded word. */
  addWord(word: string): void {
    if (this.#known.has(word)) return
    this.addTerm(word)
    this.#known.add(stemWord(word, this.#language))
  }

  /** Adds a term as `textTerms` gives it. */
  addTerm(term: string): void {
    if (this.#known.has(term)) return
    this.#known.add(term)
    if (term.length < leastLetters - 1 || /\d/.test(term)) return
    const letter = term.charAt(0)
    const words = this.#byFirstLetter.get(letter)
    if (words) words.push(term)
    else this.#byFirstLetter.set(letter, [term])
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
    let nearest: string | null = null
    let greatest = leastLikeness
    for (const candidate of this.#byFirstLetter.get(word.charAt(0)) ?? []) {
      // A word has no more different trigrams than letters, and shares at most all of them.
      if ((2 * candidate.length) / (trigrams.size + candidate.length) <= greatest && candidate.length < trigrams.size) continue
      const likeness = diceOf(trigrams, candidate)
      if (likeness > greatest) {
        greatest = likeness
        nearest = candidate
      }
    }
    return nearest
  }
}

/** Dice's coefficient of a word's different trigrams and those of another. */
function diceOf(trigrams: ReadonlySet<number>, other: string): number {
  const ofOther: number[] = []
  let shared = 0
  let trigram = 0
  for (let at = 0; at <= other.length; at++) {
    trigram = nextTrigram(trigram, at < other.length ? other.charCodeAt(at) : wordEnd)
    if (at === 0 || ofOther.includes(trigram)) continue
    ofOther.push(trigram)
    if (trigrams.has(trigram)) shared++
  }
  return (2 * shared) / (trigrams.size + ofOther.length)
}

/** Each three letters of a word, its beginning and end counted as letters. */
function trigramsOf(word: string): Set<number> {
  const trigrams = new Set<number>()
  let trigram = 0
  for (let at = 0; at <= word.length; at++) {
    trigram = nextTrigram(trigram, at < word.length ? word.charCodeAt(at) : wordEnd)
    if (at > 0) trigrams.add(trigram)
  }
  return trigrams
}

/** Three letters as one number of 30 bits, in which the runtime keeps a number without an object; 0 is the beginning of a word. */
const wordEnd = 1
const nextTrigram = (trigram: number, letter: number): number => ((trigram & 0xfffff) << 10) | (letter & 0x3ff)

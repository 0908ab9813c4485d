/**
 * Whether a passage says what a sentence that cites it says: enough of the sentence's words are in it, by their stems or, across the languages,
 * by their English meaning, and every number is. Words alone: it sees a citation that has nothing to do with its passage, not every twisted one.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { SearchResult } from '../../../../shared/contract/conversations.js'
import type { Lexicon } from '../../knowledge/language/lexicon.js'
import { isStopWord } from '../../knowledge/language/stop-words.js'
import { foldedWords, stemWord } from '../../knowledge/language/text-terms.js'
import { detectLanguage } from '../../knowledge/language/language-detection.js'

/** Least share of a sentence's words; measured on own examples in both languages, see citation-support.test.ts. */
const leastShare = { sameLanguage: 0.5, acrossLanguages: 0.4 }

const numberWords: Readonly<Record<string, string>> = {
  two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9', ten: '10', twice: '2',
  deux: '2', trois: '3', quatre: '4', cinq: '5', sept: '7', huit: '8', neuf: '9', dix: '10',
}

/** A passage as a set of words, made once an answer. */
export class CitedPassage {
  readonly #result: SearchResult
  readonly #lexicon: Lexicon
  readonly #numbers: ReadonlySet<string>
  #own: ReadonlySet<string> | null = null
  #english: ReadonlySet<string> | null = null

  constructor(result: SearchResult, lexicon: Lexicon) {
    this.#result = result
    this.#lexicon = lexicon
    this.#numbers = numbersOf(this.#text)
  }

  /** Whether this passage holds up a sentence in a language. A sentence without any word of its own (a heading, a name) is held up by anything. */
  supports(sentence: string, language: Language): boolean {
    const plain = withoutCitations(sentence)
    if ([...numbersOf(plain)].some((number) => !this.#numbers.has(number))) return false
    const spoken = detectLanguage(plain, language)
    const share = spoken === this.#result.lang ? this.#shareOf(contentStems(plain, spoken), (this.#own ??= stemsOf(this.#text, spoken))) : 0
    if (share >= leastShare.sameLanguage) return true
    const meaning = contentStems(this.#lexicon.toEnglish(plain, spoken), 'en')
    this.#english ??= stemsOf(this.#result.lang === 'en' ? this.#text : this.#lexicon.toEnglish(this.#text, this.#result.lang), 'en')
    const across = this.#shareOf(meaning, this.#english)
    return across >= (spoken === this.#result.lang ? leastShare.sameLanguage : leastShare.acrossLanguages)
  }

  get #text(): string {
    const { title, heading, passage } = this.#result
    return [title, heading ?? '', passage].join('\n')
  }

  #shareOf(stems: ReadonlySet<string>, held: ReadonlySet<string>): number {
    if (stems.size === 0) return 1
    const shared = [...stems].filter((stem) => held.has(stem)).length
    // One word in common is chance, unless there is no more to have in common.
    return shared < 2 && stems.size > 2 ? 0 : shared / stems.size
  }
}

/** A sentence without its citations. */
export function withoutCitations(sentence: string): string {
  return sentence.replace(/\s?\[\d+(?:\s*[,;–-]\s*\d+)*\]/g, '')
}

function contentStems(text: string, language: Language): Set<string> {
  return new Set(
    foldedWords(text, language)
      .filter((word) => !isStopWord(word, language) && !/^\d+$/.test(word))
      .map((word) => stemWord(word, language)),
  )
}

function stemsOf(text: string, language: Language): Set<string> {
  return contentStems(text, language)
}

/** Numbers as digits, decimal comma as point; list numbers at the beginning of a line are none. */
function numbersOf(text: string): Set<string> {
  const plain = text
    .toLowerCase()
    .replace(/^\s*\d+[.)]\s/gm, '')
    .replace(/(?<=\d)[\u00a0\u202f ](?=\d{3}(?!\d))/g, '')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
  const numbers = new Set((plain.match(/\d+(?:[.,]\d+)?/g) ?? []).map((number) => number.replace(',', '.').replace(/\.0+$/, '')))
  for (const word of plain.match(/\p{L}+/gu) ?? []) {
    const digits = numberWords[word]
    if (digits !== undefined) numbers.add(digits)
  }
  return numbers
}

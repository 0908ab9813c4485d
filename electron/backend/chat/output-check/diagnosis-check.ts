/**
 * Finds a diagnosis stated to a person: that they (or whom they ask for) have a disease, or have it not. What a disease can look like, what a
 * test may show and the diseases that the person told of themselves are no diagnoses.
 */
import type { Language } from '../../../../shared/contract/common.js'
import { foldText } from '../../knowledge/language/fold-text.js'
import type { AnswerRules, DiagnosisWords } from './answer-rules.js'
import { DiseaseNames } from './disease-names.js'
import { anyOf, partBefore, wordsPattern } from './phrase-pattern.js'

interface Patterns {
  /** Statements with the disease in group `disease` and what stands before it in `between`. */
  statements: readonly RegExp[]
  yours: RegExp
  betweenNot: RegExp
  conditions: RegExp
  tests: RegExp
  afterNot: RegExp
  own: RegExp
  ownNot: RegExp
}

/** Place of "it is …" among the statements. */
const isStatement = 1

const border = String.raw`(?<![\p{L}\p{N}])`
const end = String.raw`(?![\p{L}\p{N}])`
/** What may stand between the parts of a statement: white space, Markdown's stars, quotes. */
const gap = String.raw`[\s\u00a0*_"“”«»:]`

export class DiagnosisCheck {
  readonly #diseases: DiseaseNames
  readonly #patterns: Record<Language, Patterns>

  constructor(rules: Pick<AnswerRules, 'diseases' | 'diagnosis'>) {
    this.#diseases = new DiseaseNames(rules.diseases)
    this.#patterns = { en: compile(rules.diagnosis.en, this.#diseases.sources.en), fr: compile(rules.diagnosis.fr, this.#diseases.sources.fr) }
  }

  /** The diseases that a person told that they have, or had, by what they wrote; questions and guesses are none. */
  toldIn(messages: readonly string[]): Set<string> {
    const told = new Set<string>()
    for (const message of messages) {
      for (const sentence of foldText(message).split(/(?<=[.!?\n])|,/u)) {
        for (const language of ['en', 'fr'] as const) {
          const { own, ownNot } = this.#patterns[language]
          if (sentence.includes('?') || !matches(own, sentence) || matches(ownNot, sentence)) continue
          for (const id of this.#diseases.idsIn(sentence)) told.add(id)
        }
      }
    }
    return told
  }

  /** Ids of the diseases that texts name at all. */
  namedIn(texts: readonly string[]): Set<string> {
    return new Set(texts.flatMap((text) => [...this.#diseases.idsIn(text)]))
  }

  /** Whether a sentence states a diagnosis. `told` are diseases that the person has by their own words, `named` those that they wrote of. */
  fails(sentence: string, language: Language, person: { told: ReadonlySet<string>; named: ReadonlySet<string> }): boolean {
    const text = foldText(sentence).replace(/\[\d[\d\s,]*\]/g, ' ')
    if (/\?\s*[»"”)*_]*\s*$/u.test(text)) return false
    const patterns = this.#patterns[language]
    for (const [index, pattern] of patterns.statements.entries()) {
      for (const match of text.matchAll(pattern)) {
        const name = match.groups?.['disease'] ?? ''
        const id = this.#diseases.idOf(name, language)
        if (id !== null && person.told.has(id)) continue
        if (matches(patterns.betweenNot, match.groups?.['between'] ?? '')) continue
        if (matches(patterns.afterNot, text.slice(match.index + match[0].length, match.index + match[0].length + 30))) continue
        if (this.#isConditional(text, match.index, patterns)) continue
        // "Hepatitis B may stay for years: it is chronic hepatitis B" says what a word means.
        if (index === isStatement && this.#diseases.idsIn(text.slice(0, match.index)).size > 0) continue
        return true
      }
    }
    for (const match of text.matchAll(patterns.yours)) {
      const id = this.#diseases.idOf(match.groups?.['disease'] ?? '', language)
      if (id === null || person.told.has(id) || person.named.has(id)) continue
      if (matches(patterns.afterNot, text.slice(match.index + match[0].length, match.index + match[0].length + 30))) continue
      if (!this.#isConditional(text, match.index, patterns)) return true
    }
    return false
  }

  #isConditional(text: string, at: number, patterns: Patterns): boolean {
    const part = partBefore(text, at)
    // "s'il s'agit", "lorsqu'il a": the elided word is a condition too.
    if (matches(patterns.conditions, part) || /(?<!\p{L})(?:s|lorsqu)'$/u.test(part)) return true
    const before = text.slice(0, at)
    // "If the test is positive, you have malaria": what a test tells, not what the assistant does.
    return /(?<!\p{L})(?:if|when|once|si|s'il|quand|lorsque|des que)(?!\p{L})/u.test(before) && matches(patterns.tests, before)
  }
}

function compile(words: DiagnosisWords, diseases: DiseaseNames['sources'][Language]): Patterns {
  const adverb = String.raw`(?:(?:${anyOf(words.adverbs)})${gap}+){0,2}`
  const source = (phrase: string): string =>
    foldText(phrase)
      .replaceAll('{adverb}', '\u0001')
      .replaceAll(' ?', String.raw`\s*`)
      .replace(/ +/g, String.raw`\s+`)
      .replaceAll(String.raw`\u0001\s+`, '\u0001')
      .replaceAll('\u0001', adverb)
  const frames = (phrases: readonly string[]): string => phrases.map((phrase) => `(?:${source(phrase)})`).join('|')
  const articles = String.raw`(?<between>(?:(?:${anyOf(words.articles)})${gap}*){0,3}?)`
  const few = String.raw`(?<between>(?:[\p{L}\p{N}'-]+${gap}+|l'|d'|un${gap}|une${gap}){0,5}?)`
  const make = (before: string, between: string, names: string): RegExp => new RegExp(`${border}(?:${before})${gap}*${between}(?<![\\p{L}\\p{N}])(?<disease>(?:${names})s?)${end}`, 'gu')
  const having = make(frames(words.has), few, diseases.all)
  return {
    statements: [
      having,
      make(frames(words.is), articles, diseases.particular),
      make(frames(words.being), articles, diseases.being),
      make(frames(words.not), articles, `${diseases.particular}|${diseases.being}`),
    ],
    yours: new RegExp(`${border}${words.your}${gap}+(?<disease>(?:${diseases.particular})s?)${end}`, 'gu'),
    betweenNot: wordsPattern(words.between_not),
    conditions: wordsPattern(words.conditions),
    tests: wordsPattern(words.tests),
    afterNot: new RegExp(String.raw`^[\s-]*(?:${anyOf(words.after_not)})(?![\p{L}])`, 'u'),
    own: wordsPattern(words.own),
    ownNot: wordsPattern(words.own_not),
  }
}

function matches(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0
  return pattern.test(text)
}

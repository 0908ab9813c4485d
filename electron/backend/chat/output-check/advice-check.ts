/** Finds advice that goes against an allergy or a pregnancy of the person: something recommended that they must not have. */
import type { Language } from '../../../../shared/contract/common.js'
import type { OutputFailure } from '../../../../shared/contract/conversations.js'
import { foldText } from '../../knowledge/language/fold-text.js'
import type { AdviceWords, AllergyEntry, AnswerRules } from './answer-rules.js'
import type { MedicineNames } from './medicine-names.js'
import { anyOf, wordsPattern } from './phrase-pattern.js'

/** What the person told of themselves that an answer must not contradict. */
export interface PinnedForAdvice {
  allergies: readonly { substance: string }[]
  pregnant: boolean | null
}

interface Cues {
  recommends: RegExp
  against: RegExp
  afterwardsAgainst: RegExp
  afterwardsFor: RegExp
}

/** How far from what is named a cue is looked for after it, UTF-16. */
const afterReach = 60

export class AdviceCheck {
  readonly #medicines: MedicineNames
  readonly #rules: Pick<AnswerRules, 'allergies' | 'pregnancy'>
  readonly #cues: Record<Language, Cues>
  readonly #actions: Record<Language, RegExp>

  constructor(rules: Pick<AnswerRules, 'allergies' | 'pregnancy' | 'advice'>, medicines: MedicineNames) {
    this.#medicines = medicines
    this.#rules = rules
    this.#cues = { en: compile(rules.advice.en), fr: compile(rules.advice.fr) }
    this.#actions = { en: wordsPattern(rules.pregnancy.actions.en), fr: wordsPattern(rules.pregnancy.actions.fr) }
  }

  /** What a sentence recommends against; empty when nothing. */
  failures(sentence: string, language: Language, pinned: PinnedForAdvice): OutputFailure[] {
    const text = foldText(sentence).replace(/[*_]/g, '')
    if (/\?\s*$/u.test(text)) return []
    const failures: OutputFailure[] = []
    if (pinned.allergies.length > 0 && this.#places(text, language, pinned.allergies).some(([start, end]) => this.#recommends(text, start, end, language))) failures.push('allergy')
    if (pinned.pregnant === true && this.#harmful(text, language).some(([start, end]) => this.#recommends(text, start, end, language))) failures.push('pregnancy')
    return failures
  }

  /** Where a text names what the person is allergic to, or one of its family. */
  #places(text: string, language: Language, allergies: PinnedForAdvice['allergies']): [number, number][] {
    const places: [number, number][] = []
    for (const { substance } of allergies) {
      const folded = foldText(substance)
      const entries = this.#rules.allergies.filter((entry) => isSaid(entry, folded))
      // A medicine of no known family, or a food that the list does not hold: its own name.
      const families = new Set([...entries.flatMap((entry) => entry.families), ...this.#medicines.in(folded).flatMap((mention) => mention.families)])
      for (const mention of this.#medicines.in(text)) if (mention.families.some((family) => families.has(family))) places.push([mention.start, mention.end])
      const named = [...entries.flatMap((entry) => entry.words?.[language] ?? []), ...(folded.length > 2 ? [folded] : [])]
      if (named.length === 0) continue
      for (const match of text.matchAll(wordsPattern(named))) places.push([match.index, match.index + match[0].length])
    }
    return places
  }

  #harmful(text: string, language: Language): [number, number][] {
    const places: [number, number][] = []
    for (const { start, end, families } of this.#medicines.in(text)) {
      const rule = this.#rules.pregnancy.families.find(({ family }) => families.includes(family))
      if (rule && !(rule.unless.length > 0 && wordsPattern(rule.unless).test(text))) places.push([start, end])
    }
    for (const match of text.matchAll(this.#actions[language])) places.push([match.index, match.index + match[0].length])
    return places
  }

  /** Whether what is named between two places is recommended: the nearest cue before it decides, and one after it may turn it round. */
  #recommends(text: string, start: number, end: number, language: Language): boolean {
    const cues = this.#cues[language]
    const partStart = Math.max(...[';', '.', '!', ':', ' but ', ' mais ', ' and instead '].map((stop) => text.lastIndexOf(stop, start - 1)), -1) + 1
    const rest = text.slice(end)
    const partEnd = /[;.!?]|,\s+(?:but|mais)\b/u.exec(rest)?.index ?? rest.length
    const before = text.slice(partStart, start)
    const after = rest.slice(0, Math.min(partEnd, afterReach))
    if (cues.afterwardsAgainst.test(after)) return false
    const positive = lastMatch(cues.recommends, before)
    const negative = lastMatch(cues.against, before)
    if (negative >= 0) {
      // "Do not take": the negation stands before its verb; "avoid aspirin, take ibuprofen": the verb after the comma begins anew.
      const between = before.slice(negative, Math.max(positive, negative))
      if (positive < negative || !between.includes(',')) return false
    }
    return positive >= 0 || cues.afterwardsFor.test(after)
  }
}

function isSaid(entry: AllergyEntry, substance: string): boolean {
  return new RegExp(String.raw`(?<![\p{L}])(?:${anyOf(entry.said)})s?(?![\p{L}])`, 'u').test(substance)
}

function compile(words: AdviceWords): Cues {
  return {
    recommends: wordsPattern(words.recommends),
    against: wordsPattern(words.against),
    afterwardsAgainst: wordsPattern(words.afterwards_against, 'u'),
    afterwardsFor: wordsPattern(words.afterwards_for, 'u'),
  }
}

function lastMatch(pattern: RegExp, text: string): number {
  let last = -1
  for (const match of text.matchAll(pattern)) last = match.index
  return last
}

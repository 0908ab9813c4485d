/**
 * What is remembered, as lines for the model within a token budget: facts first, then what else the person said, nearest to the question
 * and most telling first; printed in the order in which it was said.
 */
import type { Language } from '../../../shared/contract/common.js'
import { textTerms } from '../knowledge/language/text-terms.js'
import type { LedgerEntry } from './facts/ledger.js'
import { isOfPatient } from './facts/patient.js'
import { occurs } from './facts/phrase.js'
import { readable } from './facts/readable-text.js'
import type { MemoryRules } from './facts/rules.js'
import { readValues, type ValueType } from './facts/values.js'
import { relationsIn } from './facts/whose.js'
import type { TokenCounter } from './token-counter.js'

export interface LinesRequest {
  entries: readonly LedgerEntry[]
  patient: string
  /** What the person asks now. */
  question: string
  language: Language
  rules: MemoryRules
  counter: TokenCounter
  /** Tokens of all lines with their headings. */
  budget: number
  /** Headings in the asker's language. */
  headings: { facts: string; summary: string; asked: string }
  /** A summary that a model wrote, and the last message in it. */
  summary: { content: string; throughSequence: number } | null
  /** First sentences of earlier answers, the least telling of all. */
  answers: readonly string[]
}

/** Points of a statement that shares a word with the question, up to three words. */
const sharedTermWorth = 25
/** Points of a kind that the question asks for. */
const askedKindWorth = 45
const summarySentenceWorth = 30
const answerWorth = 0
/** Points that a note loses when a model's summary holds its message. */
const summarisedNote = 8
const separator = '\n'

interface Line {
  text: string
  /** The same without words that can be missed; null when there are none. */
  short: string | null
  score: number
  block: 'facts' | 'summary'
  order: number
}

/** The lines, joined, with their headings; empty when there is nothing. Never more tokens than the budget. */
export function recallLines(request: LinesRequest): string {
  const { counter, budget } = request
  const chosen = new Map<Line, string>()
  const render = (): string => print(chosen, request.headings)
  let tokens = 0
  for (const line of candidates(request)) {
    for (const text of line.short === null ? [line.text] : [line.text, line.short]) {
      const heading = [...chosen.keys()].some((other) => other.block === line.block) ? 0 : counter.count(request.headings[line.block]) + 1
      const cost = counter.count(text) + 1 + heading
      if (tokens + cost > budget) continue
      chosen.set(line, text)
      tokens += cost
      break
    }
  }
  // Joined, a text may count more than its parts.
  for (const line of [...chosen.keys()].reverse()) {
    if (counter.count(render()) <= budget) break
    chosen.delete(line)
  }
  return render()
}

function print(chosen: ReadonlyMap<Line, string>, headings: LinesRequest['headings']): string {
  return (['facts', 'summary'] as const)
    .flatMap((block) => {
      const lines = [...chosen].filter(([line]) => line.block === block).sort(([one], [other]) => one.order - other.order)
      return lines.length === 0 ? [] : [headings[block], ...lines.map(([, text]) => text)]
    })
    .join(separator)
}

function candidates(request: LinesRequest): Line[] {
  const { entries, question, rules, summary, headings } = request
  const asked = readable(question).plain
  const askedKinds = new Set([...rules.kinds.values()].filter((kind) => occurs(kind.asked, asked)).map((kind) => kind.kind as string))
  const terms = termsOf(question)
  const stale = staleValues(entries)
  const lines: Line[] = []
  const seen = new Set<string>()
  const add = (text: string, worth: number, block: Line['block'], order: number, label = ''): void => {
    const key = readable(text).plain
    if (seen.has(key)) return
    seen.add(key)
    const shared = [...termsOf(text)].filter((term) => terms.has(term)).length
    const short = telegraphic(text, rules)
    lines.push({ text: `- ${label}${text}`, short: short === text ? null : `- ${label}${short}`, score: worth + Math.min(3, shared) * sharedTermWorth, block, order })
  }
  entries.forEach((entry, index) => {
    if (entry.supersededBy !== null) return
    const isFact = entry.kind !== 'note' && entry.kind !== 'question'
    const bonus = entry.kinds.some((kind) => askedKinds.has(kind)) ? askedKindWorth : 0
    const worth = entry.worth + bonus - (!isFact && summary && entry.sequence <= summary.throughSequence ? summarisedNote : 0)
    if (entry.kind === 'question') {
      if (!isStale(entry.text, stale)) add(entry.text, worth, 'summary', index, `${headings.asked} `)
    } else add(entry.text, worth, isFact ? 'facts' : 'summary', isFact ? index - 1000 * (rules.kinds.get(entry.kind as never)?.worth ?? 0) : index, labelOf(entry, request))
  })
  for (const [index, sentence] of sentences(summary?.content ?? '').entries()) if (!isStale(sentence, stale)) add(sentence, summarySentenceWorth, 'summary', index - 10_000)
  for (const [index, sentence] of request.answers.entries()) if (!isStale(sentence, stale)) add(sentence, answerWorth, 'summary', index + 10_000, '(CareChat) ')
  return lines.sort((one, other) => other.score - one.score || one.order - other.order)
}

/** Whose it is when it is not the patient's, and that an allergy is one. */
function labelOf(entry: LedgerEntry, { patient, rules, language }: LinesRequest): string {
  const allergy = entry.kind === 'allergy' ? `${rules.kinds.get('allergy')?.label[language] ?? ''}${language === 'fr' ? ' : ' : ': '}` : ''
  if (isOfPatient(entry, patient) || entry.subject === null) return allergy
  const isNamed = relationsIn(readable(entry.text).plain, rules).some((mention) => mention.subject === entry.subject)
  if (isNamed) return allergy
  return `(${entry.subject === 'self' ? rules.writer[language] : (rules.relations.get(entry.subject)?.label[language] ?? entry.subject)}) ${allergy}`
}

function termsOf(text: string): Set<string> {
  return new Set([...textTerms(text, 'en'), ...textTerms(text, 'fr')])
}

/** Without articles, auxiliaries and the like; numbers, names and negations stay. */
export function telegraphic(text: string, rules: MemoryRules): string {
  const short = text
    .split(/\s+/)
    .filter((word) => !rules.dispensable.has(readable(word).plain.replace(/[^a-z0-9 ]/g, '').trim()))
    .join(' ')
  return short === '' ? text : short
}

/** Values precise enough that their text alone tells a corrected statement. */
const tellingTypes = new Set<ValueType>(['dose', 'date', 'weight', 'height', 'duration', 'phone', 'clock', 'pressure', 'blood_group'])

/** Texts of values that were corrected. */
function staleValues(entries: readonly LedgerEntry[]): string[] {
  const current = new Set(entries.filter((entry) => entry.supersededBy === null && entry.kind !== 'question').flatMap((entry) => valueTexts(entry.text)))
  return [...new Set(entries.filter((entry) => entry.supersededBy !== null).flatMap((entry) => valueTexts(entry.text)))].filter((text) => !current.has(text))
}

function valueTexts(text: string): string[] {
  const { plain } = readable(text)
  return readValues(plain).filter((value) => tellingTypes.has(value.type)).map((value) => plain.slice(value.from, value.to))
}

function isStale(text: string, stale: readonly string[]): boolean {
  if (stale.length === 0) return false
  const values = valueTexts(text)
  return stale.some((value) => values.includes(value))
}

/** The sentences or lines of a text. */
export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?…])\s+|\n+/)
    .map((sentence) => sentence.replace(/^[\s#>*-]+/, '').trim())
    .filter((sentence) => sentence.length > 2)
}

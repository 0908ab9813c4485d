/** Reads a message of a person into statements: what kind of fact each is, about whom, and how much it matters. */
import type { Language } from '../../../../shared/contract/common.js'
import { detectLanguage } from '../../knowledge/language/language-detection.js'
import { allergyKeys, isDenied, medicineNames, normalName } from './read-keys.js'
import { occurs } from './phrase.js'
import { readable, type ReadableText } from './readable-text.js'
import type { KindRules, MemoryRules } from './rules.js'
import { clauseOffsets, splitClauses, type Clause } from './split-clauses.js'
import type { Statement, StatementKind } from './statement.js'
import { readValues } from './values.js'
import { relationsIn, subjectOf, type Subject } from './whose.js'

/** Statements of one message that are read; a pasted page is not a conversation. */
const statementsPerMessage = 60
/** Kinds that are the asking person's own business whoever they name: whom to call, who comes along. */
const ownKinds = new Set<StatementKind>(['contact', 'companion', 'patient', 'children', 'appointment', 'insurance'])
/** A note about somebody is worth more than one about nothing. */
const noteWorth = { base: 10, number: 8, name: 6, person: 6, negation: 2, short: 3 }
/** A clause that goes on about the one of the clause before: "she is 71 and lives with me". */
const goesOn = /^(?:am|have|take|takes|has|is|lives|live|work|works|weighs|suis|ai|prends|prend|habite|vis|vit|travaille|fais|fait|pese|est)(?![a-z])/
const takes = /(?<![a-z])(?:i|he|she|we|je|j|il|elle|on)\s+(?:am\s+on|is\s+on|m\s+on|s\s+on|take|takes|prends|prend|utilise|use|uses)(?![a-z])/

/** What the rules see in a clause. */
export interface Reading {
  kind: StatementKind
  kinds: StatementKind[]
  keys: string[]
  worth: number
}

interface Place {
  from: number
  to: number
}

/** Kinds, keys and worth of the words of a statement; `original` is the same text as it was written. */
export function readFacts(plain: string, original: string, isPast: boolean, rules: MemoryRules): Reading {
  const matched: { rule: KindRules; places: Place[] }[] = []
  for (const rule of rules.kinds.values()) {
    const places = rule.say.find(plain)
    if (places.length > 0 && !rule.never.occursIn(plain)) matched.push({ rule, places })
  }
  const medicine = rules.kinds.get('medicine')
  if (medicine && !matched.some(({ rule }) => rule === medicine) && medicineNames(plain, rules, original).length > 0) matched.push({ rule: medicine, places: [{ from: 0, to: 0 }] })
  const group = rules.kinds.get('blood_group')
  if (group && !matched.some(({ rule }) => rule === group) && readValues(plain).some((value) => value.type === 'blood_group')) matched.push({ rule: group, places: [{ from: 0, to: 0 }] })
  const taken = matched.find(({ rule }) => rule.excludes.length > 0)
  const blocked = taken ? taken.places.map((place) => reachOf(place, plain)) : []
  const free = (place: Place): boolean => blocked.every((other) => place.to <= other.from || place.from >= other.to)
  const kept = matched
    .filter(({ rule, places }) => !taken?.rule.excludes.includes(rule.kind) || places.some(free))
    .sort((one, other) => other.rule.worth - one.rule.worth)
  if (occurs(rules.unsure, plain)) return { kind: 'note', kinds: ['note'], keys: [], worth: worthOfNote(plain, original, rules) + 10 }
  const kinds = kept.map(({ rule }) => rule.kind)
  const [best] = kept
  if (!best) return { kind: 'note', kinds: ['note'], keys: [], worth: worthOfNote(plain, original, rules) }
  const keys = kept.flatMap(({ rule }) => keysOf(rule, taken?.rule.excludes.includes(rule.kind) ? blank(plain, blocked) : plain, original, isPast, rules))
  return { kind: best.rule.kind, kinds, keys: [...new Set(keys)], worth: best.rule.worth }
}

/** How far words of allergy reach: "allergic to …" takes in what it names, up to where the person says what they take. */
function reachOf(place: Place, plain: string): Place {
  if (!/^(?:allerg|intoleran|react|reagi)/.test(plain.slice(place.from))) return place
  const end = takes.exec(plain.slice(place.to))
  return { from: place.from, to: end ? place.to + end.index : plain.length }
}

/** The text with some places made blank, so that offsets stay. */
function blank(plain: string, places: readonly Place[]): string {
  return places.reduce((text, { from, to }) => text.slice(0, from) + ' '.repeat(to - from) + text.slice(to), plain)
}

function keysOf(rule: KindRules, plain: string, original: string, isPast: boolean, rules: MemoryRules): string[] {
  const { kind } = rule
  const keys = rule.keys.filter(({ pattern }) => pattern.occursIn(plain)).map(({ key }) => `${kind}:${key}`)
  if (kind === 'allergy') keys.push(...allergyKeys(plain, rules))
  if (kind === 'medicine') keys.push(...medicineNames(plain, rules, original).map((name) => `medicine:${normalName(name)}`))
  if (kind === 'condition') {
    for (const { name, pattern } of rules.conditions) {
      const [place] = pattern.find(plain)
      if (place) keys.push(`condition:${isDenied(plain, place.from, rules) ? 'not ' : ''}${name}`)
    }
  }
  if (kind === 'pregnancy' || kind === 'breastfeeding') {
    const place = plain.search(/pregnan|enceinte|grossesse|expecting|breast|allait|nursing|sein(?![a-z])/)
    const ended = /(?:no longer|not|anymore|any more|plus|stopped|arrete|gave birth|accouche|delivered|lost the|perdu (?:le|la|ma)|miscarr|fausses? couche)/.test(plain)
    if (isPast) keys.push(`${kind}:past`)
    else if (place >= 0 && (isDenied(plain, place, rules) || /(?:ne |n )?(?:suis|est|am|is) (?:plus|pas|not|no longer)/.test(plain))) keys.push(`${kind}:no`)
    else if (kind === 'pregnancy' && ended) keys.push('pregnancy:no')
    else if (place >= 0 || /(?:attends|attend) (?:un|une|des) |weeks gone|months gone|due (?:date|on|in)|# sa/.test(plain)) keys.push(`${kind}:yes`)
    else keys.push(`${kind}:period`)
  } else if (rule.single) keys.push(kind)
  return keys
}

function worthOfNote(plain: string, original: string, rules: MemoryRules): number {
  let worth = noteWorth.base
  if (/\d/.test(plain) || readValues(plain).length > 0) worth += noteWorth.number
  if (/(?<=\S\s)\p{Lu}[\p{L}-]+/u.test(original)) worth += noteWorth.name
  if (occurs(rules.self, plain) || occurs(rules.pronoun, plain) || relationsIn(plain, rules).length > 0) worth += noteWorth.person
  if (occurs(rules.negation, plain)) worth += noteWorth.negation
  if (plain.length < 80) worth += noteWorth.short
  return worth
}

/** Reads the statements of a message. `others` are the people named before it, the last one first. */
export function readStatements(content: string, others: readonly string[], rules: MemoryRules, fallback: Language = 'en'): Statement[] {
  const text = readable(content)
  const lang = detectLanguage(content, fallback)
  const statements: Statement[] = []
  let last: Subject = null
  let named = [...others]
  for (const clause of splitClauses(text, rules).slice(0, statementsPerMessage)) {
    const statement = readClause(text, clause, lang, named, last, rules)
    statements.push(statement)
    if (statement.subject !== null) last = statement.subject
    for (const { subject } of relationsIn(text.plain.slice(clause.wholeFrom, clause.wholeTo), rules)) {
      if (subject !== 'family') named = [subject, ...named.filter((one) => one !== subject)]
    }
  }
  return statements
}

function readClause(text: ReadableText, clause: Clause, lang: Language, others: readonly string[], last: Subject, rules: MemoryRules): Statement {
  const plain = text.plain.slice(clause.from, clause.to)
  const whole = text.plain.slice(clause.wholeFrom, clause.wholeTo)
  const { start, end } = clauseOffsets(text, clause)
  const original = text.original.slice(start, end)
  const past = occurs(rules.past, plain)
  const cues = {
    strong: occurs(rules.strong, whole),
    weak: occurs(rules.weak, whole),
    change: occurs(rules.change, whole),
    stop: rules.stop.occursIn(whole),
    adds: occurs(rules.adds, whole),
    past,
    refers: occurs(rules.refers, plain),
  }
  const common = { text: original, start, end, lang, cues }
  const reading = readFacts(plain, original, past, rules)
  // "If I do not answer, call my daughter" supposes, and says whom to call.
  const tells = occurs(rules.supposes, plain) && reading.kinds.some((kind) => kind === 'contact' || kind === 'preference')
  if (clause.asks && !tells) return { ...common, kind: 'question', kinds: ['question'], keys: [], subject: subjectOf(plain, others, rules), worth: readValues(plain).length > 0 || occurs(rules.self, plain) ? 4 : 1, patient: null }
  const named = goesOn.test(plain) && last !== null ? last : subjectOf(plain, others, rules)
  const isOwn = reading.kinds.some((kind) => ownKinds.has(kind)) && !occurs(rules.pronoun, plain)
  const patient = reading.kinds.includes('patient') ? (relationsIn(plain, rules)[0]?.subject ?? null) : null
  return { ...common, ...reading, subject: isOwn ? null : (named ?? (clause.wholeFrom > 0 ? last : null)), patient }
}

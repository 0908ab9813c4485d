/**
 * All that a person has stated in a conversation, in order, with what became of it: a correction replaces the value that it corrects
 * in the earlier statement, so that what is current can be read off.
 */
import { occurs } from './phrase.js'
import { normalName } from './read-keys.js'
import { readFacts } from './read-statements.js'
import { readable } from './readable-text.js'
import type { MemoryRules } from './rules.js'
import type { Statement, StatementKind } from './statement.js'
import { saidContent, type SaidContent } from './said-content.js'
import { isOfFood, pairValues, segments, slotsAgree, substitute, withoutOld, type Segment, type ValuePair } from './value-pairs.js'
import { comparable, sameValue, type StatedValue } from './values.js'
import { samePerson, type Subject } from './whose.js'

/** A statement with its place in the conversation. */
export interface LedgerEntry {
  id: string
  messageId: string
  sequence: number
  start: number
  end: number
  text: string
  kind: StatementKind
  kinds: StatementKind[]
  keys: string[]
  subject: Subject
  lang: Statement['lang']
  worth: number
  supersededBy: string | null
}

/** What was added and what was replaced since the ledger was made. */
export interface LedgerChanges {
  added: LedgerEntry[]
  superseded: { id: string; by: string }[]
}

/** Kinds of which a statement with a word of correction replaces the earlier one as a whole. */
const replaceable = new Set<StatementKind>(['contact', 'companion', 'appointment', 'address', 'occupation', 'insurance', 'blood_group', 'preference', 'age', 'weight', 'height', 'children'])
/** Kinds that a newer statement replaces without any word of correction, and the value that tells them apart. */
const measured: Partial<Record<StatementKind, readonly StatedValue['type'][]>> = { age: ['duration', 'number'], weight: ['weight'], height: ['height'], blood_group: ['blood_group'], pregnancy: ['duration'], appointment: [] }
/** How many messages back a bare "sorry, 72" can reach. */
const reachOfBareNumber = 3

interface Match {
  target: LedgerEntry
  score: number
  pairs: ValuePair[]
}

export class Ledger {
  readonly #entries: LedgerEntry[]
  readonly #rules: MemoryRules
  readonly #newId: () => string
  readonly #added: LedgerEntry[] = []
  readonly #superseded: LedgerChanges['superseded'] = []

  constructor(entries: readonly LedgerEntry[], rules: MemoryRules, newId: () => string) {
    this.#entries = [...entries]
    this.#rules = rules
    this.#newId = newId
  }

  get changes(): LedgerChanges {
    return { added: this.#added, superseded: this.#superseded }
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries
  }

  /** The people named so far beside the writer, the last one first; `patient` is one of them. */
  peopleNamed(patient: Subject): string[] {
    const named = [...this.#entries].reverse().flatMap((entry) => (entry.subject === null || entry.subject === 'self' || entry.subject === 'family' ? [] : [entry.subject]))
    return [...new Set(patient === null || patient === 'self' ? named : [...named, patient])]
  }

  /** Adds the statements of a message and works out what they correct. "I was wrong" says so of the whole message. */
  add(statements: readonly Statement[], message: { messageId: string; sequence: number }): void {
    const says = statements.filter((statement) => statement.kind !== 'question' && saidContent(statement.text, this.#rules).values.length === 0)
    const onlySays = says.filter((statement) => statement.cues.strong && saidContent(statement.text, this.#rules).stems.size === 0)
    for (const statement of statements) {
      if (onlySays.includes(statement)) continue
      const cues = {
        ...statement.cues,
        strong: statement.cues.strong || onlySays.length > 0,
        change: statement.cues.change || says.some((other) => other !== statement && other.cues.change),
      }
      this.#addOne({ ...statement, cues }, message)
    }
  }

  #addOne(statement: Statement, message: { messageId: string; sequence: number }): void {
    const entry: LedgerEntry = {
      id: this.#newId(),
      ...message,
      start: statement.start,
      end: statement.end,
      text: statement.text,
      kind: statement.kind,
      kinds: statement.kinds,
      keys: statement.keys,
      subject: statement.subject,
      lang: statement.lang,
      worth: statement.worth,
      supersededBy: null,
    }
    if (statement.kind === 'question' || statement.cues.past) {
      this.#push(entry)
      return
    }
    const said = saidContent(statement.text, this.#rules)
    const { values } = said
    this.#stop(statement, entry, values)
    const derived = this.#correct(statement, entry, said)
    this.#replaceWhole(statement, entry, derived)
    this.#deny(entry)

    const remaining = withoutOld(statement.text, values)
    if (remaining !== statement.text) this.#reread(entry, remaining)
    const spent = derived.some((made) => this.#addsNothing(entry.text, made.text))
    for (const made of derived) {
      // What the correction says by itself need not be said twice.
      const covered = !spent && this.#addsNothing(made.text, entry.text)
      if (covered) this.#redirect(made.id, entry)
      else this.#push(made)
    }
    if (!spent) this.#push(entry)
  }

  #push(entry: LedgerEntry): void {
    this.#entries.push(entry)
    this.#added.push(entry)
  }

  #supersede(target: LedgerEntry, by: string): void {
    target.supersededBy = by
    this.#superseded.push({ id: target.id, by })
  }

  /** What was replaced by `from` is replaced by `entry` instead. */
  #redirect(from: string, entry: LedgerEntry): void {
    for (const change of this.#superseded) if (change.by === from) change.by = entry.id
    for (const one of this.#entries) if (one.supersededBy === from) one.supersededBy = entry.id
    if (entry.subject === null) entry.subject = this.#entries.find((one) => one.supersededBy === entry.id)?.subject ?? null
  }

  #reread(entry: LedgerEntry, text: string): void {
    entry.text = text
    const reading = readFacts(readable(text).plain, text, false, this.#rules)
    entry.kind = reading.kind
    entry.kinds = reading.kinds
    entry.keys = reading.keys
    entry.worth = Math.max(entry.worth, reading.worth)
  }

  #current(): LedgerEntry[] {
    return this.#entries.filter((entry) => entry.supersededBy === null && entry.kind !== 'question')
  }

  /** Values of an earlier statement that this one says otherwise; gives the earlier statements as they are now. */
  #correct(statement: Statement, entry: LedgerEntry, said: SaidContent): LedgerEntry[] {
    const derived: LedgerEntry[] = []
    for (const segment of segments(said.values, said.plain, entry.keys, this.#rules)) {
      const match = this.#best(statement, entry, said, segment)
      if (!match) continue
      const text = substitute(match.target.text, readable(match.target.text), match.pairs, statement.text, readable(statement.text))
      const made: LedgerEntry = { ...match.target, id: this.#newId(), messageId: entry.messageId, sequence: entry.sequence, start: entry.start, end: entry.end, lang: match.target.lang, supersededBy: null }
      this.#reread(made, text)
      made.subject = match.target.subject ?? entry.subject
      entry.subject = made.subject
      this.#supersede(match.target, made.id)
      derived.push(made)
    }
    return derived
  }

  #best(statement: Statement, entry: LedgerEntry, said: SaidContent, segment: Segment): Match | null {
    if (segment.values.every((value) => value.old)) return null
    let best: Match | null = null
    const newest = this.#entries.at(-1)?.sequence ?? 0
    for (const target of this.#current()) {
      if (!samePerson(target.subject, entry.subject)) continue
      const match = this.#match(statement, entry, said, segment, target)
      if (!match) continue
      match.score += 1 - Math.min(1, (newest - target.sequence) / 1000)
      if (!best || match.score >= best.score) best = match
    }
    return best
  }

  /** Whether and how surely this statement corrects that one. */
  #match(statement: Statement, entry: LedgerEntry, said: SaidContent, segment: Segment, target: LedgerEntry): Match | null {
    const { cues } = statement
    const { plain } = said
    const earlier = saidContent(target.text, this.#rules)
    const { plain: earlierPlain } = earlier
    const earlierValues = earlier.values.filter((value) => !value.old)
    if (earlierValues.length === 0) return null
    const olds = segment.values.filter((value) => value.old)
    const denied = olds.flatMap((old) => earlierValues.filter((value) => comparable(old, value) && sameValue(plain, old, earlierPlain, value)))
    const pairs = pairValues(segment.values.filter((value) => !value.old && !isOfFood(plain, value, this.#rules)), earlierValues.filter((value) => this.#isOf(value, earlierPlain, segment.keys)), denied)
    if (pairs.length === 0) return null
    if (entry.kinds.includes('measurement') && !cues.strong && denied.length === 0) return null
    const changed = pairs.filter(({ value, earlier }) => !sameValue(plain, value, earlierPlain, earlier))
    if (changed.length === 0) return null

    const medicines = (keys: readonly string[]): string[] => keys.filter((key) => key.startsWith('medicine:'))
    const ownMedicines = medicines(segment.keys)
    const shareKey = ownMedicines.some((key) => target.keys.includes(key))
    if (ownMedicines.length > 0 && medicines(target.keys).length > 0 && !shareKey) return null
    const sharedKinds = entry.kinds.filter((kind) => target.kinds.includes(kind) && kind !== 'note' && kind !== 'symptom')
    const sharedStems = this.#sharedStems(said, earlier)
    // A scan tells the weeks of a pregnancy anew.
    const isNewTerm = target.keys.includes('pregnancy:yes') && (cues.change || cues.weak || /(?<![a-z])(?:scan|echo[a-z]*|ultrasound|sa)(?![a-z])/.test(plain)) && changed.every(({ value }) => value.type === 'duration' && value.form === 'week')
    // "The appointment is on Friday" says nothing about an operation.
    const aboutOther = entry.kinds.some((kind) => eventKinds.has(kind)) && !entry.kinds.some((kind) => eventKinds.has(kind) && target.kinds.includes(kind))
    if (aboutOther && denied.length === 0 && sharedStems === 0 && !isNewTerm) return null
    const spent = said.stems.size === 0
    const sameForm = changed.some(({ value, earlier }) => value.type === earlier.type && value.form === earlier.form)
    const related = shareKey || sharedStems > 0 || sharedKinds.length > 0
    const bare = changed.every(({ value }) => value.type === 'number')
    const near = entry.sequence - target.sequence <= reachOfBareNumber

    // A dose alone is the dose of the medicine that was spoken of.
    const isDoseOfBefore = ownMedicines.length === 0 && medicines(target.keys).length > 0 && changed.some(({ value }) => value.type === 'dose' && value.form !== 'pieces') && slotsAgree(changed)
    let certain = false
    if (denied.length > 0) certain = true
    else if (cues.adds && !cues.strong && !shareKey) certain = false
    else if (isDoseOfBefore) certain = true
    else if (isNewTerm) certain = true
    else if (bare) certain = cues.strong && near && (spent || related)
    else if (shareKey && changed.some(({ value }) => value.type === 'dose')) certain = slotsAgree(changed)
    else if (cues.strong && (related || spent)) certain = true
    else if ((cues.weak || cues.change) && (shareKey || spent || (sharedKinds.length > 0 && (changed.some(({ value }) => changing.has(value.type)) || sharedStems > 0)))) certain = sameForm || cues.weak
    else if (cues.refers && sharedKinds.some((kind) => eventKinds.has(kind)) && sameForm) certain = true
    else certain = this.#isMeasuredAgain(entry, target, changed)
    if (!certain) return null
    const score = denied.length * 6 + (shareKey ? 4 : 0) + sharedKinds.length * 2 + Math.min(3, sharedStems) + (sameForm ? 1 : 0)
    return { target, score, pairs: changed }
  }

  /** Whether an earlier value is of one of these medicines, when there are several with a dose of their own. */
  #isOf(value: StatedValue, plain: string, keys: readonly string[]): boolean {
    const wanted = keys.filter((key) => key.startsWith('medicine:')).map((key) => key.slice('medicine:'.length))
    if (wanted.length === 0 || (value.type !== 'dose' && value.type !== 'schedule')) return true
    const named = [...plain.matchAll(this.#rules.medicine)].map((match) => ({ at: match.index, name: normalName(match[0]) }))
    const owner = named.filter((one) => one.at < value.from).at(-1) ?? named[0]
    return owner === undefined || wanted.includes(owner.name)
  }

  /** Age, weight, weeks of pregnancy: whoever says another one of the same person has the newer one. */
  #isMeasuredAgain(entry: LedgerEntry, target: LedgerEntry, pairs: ValuePair[]): boolean {
    const isOfAnotherTime = occurs(this.#rules.formerly, saidContent(entry.text, this.#rules).plain)
    return entry.kinds.some((kind) => {
      const types = measured[kind]
      if (!types || !target.kinds.includes(kind) || isOfAnotherTime) return false
      if (kind === 'pregnancy' && !(entry.keys.includes('pregnancy:yes') && target.keys.includes('pregnancy:yes'))) return false
      return pairs.every(({ value }) => types.includes(value.type))
    })
  }

  /** A medicine that was stopped or replaced: what said that it is taken is over. */
  #stop(statement: Statement, entry: LedgerEntry, values: readonly StatedValue[]): void {
    if (!statement.cues.stop || values.some((value) => value.type === 'dose' && !value.old)) return
    for (const target of this.#current()) {
      if (!target.kinds.includes('medicine') || !samePerson(target.subject, entry.subject)) continue
      const taken = target.keys.filter((key) => key.startsWith('medicine:'))
      if (taken.length > 0 && taken.every((key) => entry.keys.includes(key))) this.#supersede(target, entry.id)
    }
  }

  /** With a word of correction a newer wish, address, appointment … takes the place of the earlier one as a whole. */
  #replaceWhole(statement: Statement, entry: LedgerEntry, derived: readonly LedgerEntry[]): void {
    const { strong, weak, change, adds } = statement.cues
    if (derived.length > 0 || adds) return
    for (const kind of entry.kinds) {
      if (!replaceable.has(kind) || (kind !== entry.kind && kind !== 'preference' && kind !== 'contact')) continue
      const keyed = entry.keys.filter((key) => key.startsWith(`${kind}:`))
      const isSaid = strong || weak || change || (kind === 'preference' && keyed.some((key) => key === 'preference:language' || key === 'preference:name'))
      if (!isSaid) continue
      const target = this.#current()
        .filter((one) => one.kinds.includes(kind) && one.sequence < entry.sequence && samePerson(one.subject, entry.subject))
        .filter((one) => kind !== 'preference' || keyed.some((key) => one.keys.includes(key)))
        .filter((one) => one.kinds.every((other) => other === kind || entry.kinds.includes(other) || other === 'symptom'))
        .at(-1)
      if (target) this.#supersede(target, entry.id)
    }
  }

  /** "I am allergic to X" ends "no allergies", "I gave birth" ends a pregnancy, "not X but Y" ends X. */
  #deny(entry: LedgerEntry): void {
    const ends = (key: string): ((earlier: string) => boolean) | null => {
      if (key.startsWith('allergy:not ')) return (earlier) => earlier === `allergy:${key.slice('allergy:not '.length)}`
      if (key === 'allergy:none') return null
      if (key.startsWith('allergy:')) return (earlier) => earlier === 'allergy:none' || earlier === `allergy:not ${key.slice('allergy:'.length)}`
      if (key.startsWith('condition:not ')) return (earlier) => earlier === `condition:${key.slice('condition:not '.length)}`
      if (key === 'pregnancy:no' || key === 'breastfeeding:no') return (earlier) => earlier === key.replace(':no', ':yes')
      if (key === 'pregnancy:yes' || key === 'breastfeeding:yes') return (earlier) => earlier === key.replace(':yes', ':no')
      return null
    }
    for (const key of entry.keys) {
      const isEnded = ends(key)
      if (!isEnded) continue
      for (const target of this.#current()) {
        if (target.sequence <= entry.sequence && target.keys.some(isEnded) && samePerson(target.subject, entry.subject) && target.keys.filter((one) => one.split(':')[0] === key.split(':')[0]).every(isEnded)) this.#supersede(target, entry.id)
      }
    }
  }

  #sharedStems(one: SaidContent, other: SaidContent): number {
    let shared = 0
    for (const stem of one.stems) if (other.stems.has(stem)) shared += 1
    return shared
  }

  /** Whether everything that `text` says is said by `other`. */
  #addsNothing(text: string, other: string): boolean {
    const said = saidContent(text, this.#rules)
    const known = saidContent(other, this.#rules)
    for (const stem of said.stems) if (!known.stems.has(stem)) return false
    return said.values.filter((value) => !value.old).every((value) => known.values.some((one) => sameValue(said.plain, value, known.plain, one)))
  }
}

/** Kinds that are events of their own: a date of one is not the date of another. */
const eventKinds = new Set<StatementKind>(['appointment', 'operation', 'vaccination', 'test_result', 'hospital_stay', 'pregnancy'])
/** What changes in the course of things. */
const changing = new Set<StatedValue['type']>(['dose', 'schedule', 'date', 'clock', 'phone', 'weight', 'pressure', 'number'])


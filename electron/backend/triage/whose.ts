import { lookup, type Lexicon } from './lexicon.js'
import type { Span } from './phrase-matcher.js'

/** Who a finding is about: the writer, a child, an adult by kinship, somebody referred to by a pronoun, or not said. */
export type Person = 'unknown' | 'self' | 'someone' | 'child' | `adult:${string}`

/**
 * For each token, whom the words there are about: the nearest person named before it. A pronoun stands for the other person named last;
 * "I think", "I gave her" tell the story and do not make the writer the patient.
 */
export function resolvePeople(length: number, spans: ReadonlyMap<string, readonly Span[]>, lexicon: Lexicon, before: Person): Person[] {
  const mentions = new Map<number, Person | 'pronoun'>()
  const mark = (name: string, person: Person | 'pronoun'): void => {
    for (const span of spans.get(name) ?? []) mentions.set(span.from, person)
  }
  mark(lookup.self, 'self')
  for (const span of spans.get(lookup.narrator) ?? []) mentions.delete(span.from)
  mark(lookup.pronoun, 'pronoun')
  for (const key of lexicon.adults) mark(lookup.adult(key), `adult:${key}`)
  mark(lookup.child, 'child')
  let current: Person = 'unknown'
  let other: Person = before === 'self' || before === 'unknown' ? 'someone' : before
  return Array.from({ length }, (_, index) => {
    const mention = mentions.get(index)
    if (mention === 'pronoun') current = other
    else if (mention) {
      current = mention
      if (mention !== 'self') other = mention
    }
    return current
  })
}

/** Whether two findings can belong to one patient. */
export function samePatient(left: Person, right: Person): boolean {
  const open = (person: Person): boolean => person === 'unknown'
  if (open(left) || open(right) || left === right) return true
  if (left === 'self' || right === 'self') return false
  return left === 'someone' || right === 'someone'
}

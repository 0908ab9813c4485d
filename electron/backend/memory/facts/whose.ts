/** Whom a statement is about. */
import type { MemoryRules } from './rules.js'
import { firstMatch, occurs } from './phrase.js'

/** `self`: the writer; otherwise the name of a kinship; null when the words do not tell. */
export type Subject = string | null

/** The writer tells what they did or saw; what follows is about the other person. */
const narrates =
  /(?<![a-z])(?:i|we|je|j|on|nous)\s+(?:have\s+|had\s+|am\s+|was\s+|ai\s+|avons\s+)?(?:give|gave|given|giving|took|brought|bring|put|noticed|see|saw|seen|think|know|want|found|called|help|look|looked|carry|carried|check|checked|verified|asked|read|wrote|write|said|say|told|meant|mean|made|forgot|confused|just|donne|ai\s+(?:dit|lu|verifie|regarde|demande|oublie|confondu|mal)|me\s+suis|m\s+etais|lis|viens|dis|verifie|donnons|lui|l|ai\s+donne|amene|emmene|mets|vois|crois|pense|sais|trouve|accompagne|porte|la|le)(?![a-z])/g
const impersonal = /^il\s+(?:y|faut|fait|pleut|parait|semble|reste|vous|te)(?![a-z])/

export interface Mention {
  subject: string
  from: number
  to: number
}

/** Kinships named in a plain text, with what makes them somebody's ("my mother", "the baby"). */
export function relationsIn(plain: string, rules: MemoryRules): Mention[] {
  const mentions: Mention[] = []
  for (const match of plain.matchAll(rules.relationPattern)) {
    const before = plain.slice(0, match.index).trimEnd()
    const determiner = firstMatch(rules.determiner, before)
    const opens = before === '' || /[,.:;]$/.test(before)
    if (!determiner && !opens) continue
    const subject = rules.relationOf(match[0])
    if (subject) mentions.push({ subject, from: determiner ? determiner.index : match.index, to: match.index + match[0].length })
  }
  return mentions
}

/**
 * The subject of a clause: whoever is named first, the writer by "I" and "my", another person by kinship or by a pronoun that stands for one of
 * `others`, the people named before, the last one first.
 */
export function subjectOf(plain: string, others: readonly string[], rules: MemoryRules): Subject {
  const mentions = relationsIn(plain, rules)
  const [relation] = mentions
  const isNarrated = occurs(narrates, plain)
  const self = isNarrated ? -1 : indexOf(rules.self, plain, (at) => mentions.some((mention) => mention.from <= at && at < mention.to))
  const pronoun = indexOf(rules.pronoun, plain, (at, word) => impersonal.test(plain.slice(at)) || (/^(?:his|her)$/.test(word) && mentions.some((mention) => mention.from === at)))
  const places = [
    { at: relation ? relation.from : -1, subject: relation?.subject ?? null },
    { at: self, subject: 'self' },
    { at: pronoun, subject: pronoun < 0 ? null : personBehind(plain.slice(pronoun), others, rules) },
  ].filter((place) => place.at >= 0)
  places.sort((one, two) => one.at - two.at)
  const first = places[0]
  if (!first) return null
  // "My husband and I": both, and the writer is the one who is known.
  if (relation && first.subject === relation.subject && /^\s+(?:and\s+i|et\s+moi)(?![a-z])/.test(plain.slice(relation.to))) return 'self'
  return first.subject
}

const anyChild = new Set(['child', 'baby', 'twins'])
const children = new Set([...anyChild, 'son', 'daughter', 'grandchild', 'nephew', 'niece'])

/** Whether two statements can be about one person: "the child" may be the son of before, and nobody named may be anybody. */
export function samePerson(one: Subject, other: Subject): boolean {
  if (one === null || other === null || one === other) return true
  return children.has(one) && children.has(other) && (anyChild.has(one) || anyChild.has(other))
}

/** Whom a pronoun stands for: the last person named that it can be. */
function personBehind(pronoun: string, others: readonly string[], rules: MemoryRules): Subject {
  const gender = /^(?:she|her|hers|elle)(?![a-z])/.test(pronoun) ? 'f' : /^(?:he|him|his|il)(?![a-z])/.test(pronoun) ? 'm' : null
  const fits = others.filter((other) => {
    const own = rules.relations.get(other)?.gender ?? null
    return gender === null || own === null || own === gender
  })
  // "He" is rather the son of before than the cousin who may be a woman.
  return fits.find((other) => gender !== null && rules.relations.get(other)?.gender === gender && others.indexOf(other) <= others.indexOf(fits[0] ?? other) + 1) ?? fits[0] ?? null
}

function indexOf(pattern: RegExp, plain: string, skip: (at: number, word: string) => boolean): number {
  for (const match of plain.matchAll(pattern)) if (!skip(match.index, match[0])) return match.index
  return -1
}

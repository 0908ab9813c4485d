/** A message cut into its clauses, each a statement, a question or nothing worth keeping. */
import type { MemoryRules } from './rules.js'
import { firstMatch, occurs } from './phrase.js'
import { originalOffset, type ReadableText } from './readable-text.js'

export interface Clause {
  /** Offsets in the plain text, without openers ("hello", "also") and closers. */
  from: number
  to: number
  /** The whole clause, openers included: corrections are told by them. */
  wholeFrom: number
  wholeTo: number
  asks: boolean
}

/** A clause longer than this is cut at a space: a message may be a page without a full stop. */
const longestClause = 320

const subjects = "moi\\s+(?:je|j|on)|me\\s+i|lui\\s+il|elle\\s+elle|i|we|he|she|je|j|il|elle|on|nous|my|his|her|our|mon|ma|mes|son|sa|notre|there|it\\s+is|c\\s+est"
const corrects = 'no\\s+(?:it|sorry|wait|i|that)|non\\s+(?:c|pardon|plutot|je|attendez)|sorry|pardon|i\\s+mean|i\\s+meant|je\\s+veux\\s+dire|enfin\\s+non|wait|rather|plutot|correction|actually|en\\s+fait'
const verbs = 'am|have|take|takes|has|is|lives|live|work|works|weighs|weigh|suis|ai|prends|prend|habite|vis|vit|travaille|fais|fait|pese|est'
const boundary = new RegExp(
  `\\s*,\\s+(?=(?:(?:and|but|et|mais|so|donc|because|car)\\s+)?(?:${subjects}|${corrects})(?![a-z0-9]))` +
    `|\\s+(?=(?:and|but|et|mais|because|car|parce\\s+qu?e?|puis|then|so|donc|alors|puisque?|vu\\s+que)\\s+(?:${subjects})(?![a-z0-9]))` +
    `|\\s+(?=(?:sauf\\s+que|except\\s+that|but\\s+for\\s+me|mais\\s+moi)(?![a-z0-9]))|\\s+(?=(?:and|et)\\s+(?:${verbs})(?![a-z0-9]))|\\s+[—–-]\\s+|\\s*:\\s+(?=(?:${subjects})(?![a-z0-9]))`,
  'g',
)
const opensCorrection = new RegExp(`^\\s*(?:,|[—–-])?\\s*(?:${corrects})(?![a-z0-9])`)
const abbreviation = /(?:^|\s)(?:dr|pr|mr|mrs|ms|m|mme|mlle|st|no|n|tel|env|approx|ex|etc|vs|vol|a|p|s|i|e)$/

/** Sentences as spans of the plain text, with whether they end in a question mark. */
function sentences(text: ReadableText): { from: number; to: number; asks: boolean }[] {
  const { plain } = text
  const found: { from: number; to: number; asks: boolean }[] = []
  let from = 0
  // A long run of spaces is a gap; expressions that begin with a space would try at each of them.
  for (const match of plain.matchAll(/[.!?…;\n\r]+|\s{6,}/g)) {
    const to = match.index
    const after = plain[to + match[0].length]
    if (match[0] === '.' && ((after !== undefined && !/\s/.test(after)) || (abbreviation.test(plain.slice(from, to)) && to - from > 0))) continue
    found.push({ from, to, asks: match[0].includes('?') })
    from = to + match[0].length
  }
  found.push({ from, to: plain.length, asks: false })
  return found.filter((sentence) => /[a-z0-9]/.test(plain.slice(sentence.from, sentence.to)))
}

const words = (plain: string): number => plain.match(/[a-z0-9]+/g)?.length ?? 0

/** The clauses of a message, in order. */
export function splitClauses(text: ReadableText, rules: MemoryRules): Clause[] {
  const clauses: Clause[] = []
  for (const sentence of sentences(text)) {
    const parts = cutSentence(text.plain, sentence, rules)
    parts.forEach((part, index) => {
      const trimmed = trim(text.plain, part.from, part.to, rules)
      if (!trimmed || isSmallTalk(text.plain.slice(trimmed.from, trimmed.to), rules)) return
      const body = text.plain.slice(trimmed.from, trimmed.to)
      const asks = (sentence.asks && index === parts.length - 1) || occurs(rules.asks, body) || occurs(rules.supposes, body)
      clauses.push({ ...trimmed, wholeFrom: part.from, wholeTo: part.to, asks })
    })
  }
  return clauses
}

function cutSentence(plain: string, sentence: { from: number; to: number; asks: boolean }, rules: MemoryRules): { from: number; to: number }[] {
  const cuts = new Set<number>()
  const body = plain.slice(sentence.from, sentence.to)
  let last = 0
  const cutAt = (index: number, least: number): void => {
    if (words(body.slice(last, index)) < least || words(body.slice(index)) < 1) return
    cuts.add(index)
    last = index
  }
  for (const match of body.matchAll(boundary)) {
    cutAt(match.index, opensCorrection.test(body.slice(match.index)) ? 1 : 3)
  }
  if (sentence.asks && !occurs(rules.asks, body.trimStart())) {
    // "I am three months pregnant can I take it?": the statement ends where the asking begins.
    const starts = [...body.matchAll(rules.questionBegins)].map((match) => match.index)
    for (const comma of body.matchAll(/,\s+/g)) {
      const at = comma.index + comma[0].length
      if (occurs(rules.questionBeginsAfterComma, body.slice(at))) starts.push(at)
    }
    const start = starts.sort((one, other) => one - other).find((at) => words(body.slice(0, at)) >= 3)
    if (start !== undefined && [...cuts].every((cut) => cut <= start)) cuts.add(start)
  }
  const ordered = [0, ...[...cuts].sort((one, other) => one - other), body.length]
  const parts: { from: number; to: number }[] = []
  for (let index = 0; index + 1 < ordered.length; index++) {
    let from = ordered[index] ?? 0
    const to = ordered[index + 1] ?? body.length
    while (to - from > longestClause) {
      const space = body.lastIndexOf(' ', from + longestClause)
      const end = space > from ? space : from + longestClause
      parts.push({ from: sentence.from + from, to: sentence.from + end })
      from = end
    }
    parts.push({ from: sentence.from + from, to: sentence.from + to })
  }
  return parts
}

/** Takes openers, closers and punctuation off both ends; null when nothing is left. */
function trim(plain: string, from: number, to: number, rules: MemoryRules): { from: number; to: number } | null {
  const edges = (): void => {
    while (from < to && /[\s,:;.!?"«»()–—]/.test(plain[from] ?? '')) from++
    while (to > from && /[\s,:;.!?"«»(–—]/.test(plain[to - 1] ?? '')) to--
  }
  edges()
  for (let again = true; again && from < to; ) {
    again = false
    const body = plain.slice(from, to)
    const length = firstMatch(rules.openers, body)?.[0].length ?? openerWithComma(body, rules)
    if (length > 0) {
      from += length
      again = true
    }
    edges()
    const closer = firstMatch(rules.closers, plain.slice(from, to))
    if (closer && closer.index > 0) {
      to = from + closer.index
      again = true
    }
    edges()
  }
  return from < to ? { from, to } : null
}

/** Length of openers that count only before punctuation or the end ("docteur machine,"), or 0. */
function openerWithComma(body: string, rules: MemoryRules): number {
  let length = 0
  for (;;) {
    const rest = body.slice(length)
    const match = firstMatch(rules.openersWithComma, rest.trimStart())
    if (!match) return length > 0 && /^\s*(?:[,.!:]|$)/.test(rest) ? length : 0
    length += rest.length - rest.trimStart().length + match[0].length
  }
}

function isSmallTalk(body: string, rules: MemoryRules): boolean {
  let rest = body
  for (;;) {
    const match = firstMatch(rules.smallTalk, rest)
    if (!match || match[0] === '') break
    rest = rest.slice(match[0].length).replace(/^[\s,.!]+/, '')
  }
  return !/[a-z0-9]/.test(rest)
}

/** UTF-16 offsets of a clause in its message. */
export function clauseOffsets(text: ReadableText, clause: Clause): { start: number; end: number } {
  return { start: originalOffset(text, clause.from), end: originalOffset(text, clause.to) }
}

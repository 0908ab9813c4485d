import { splitClauses } from './clauses.js'
import { lookup, type Lexicon } from './lexicon.js'
import type { Span } from './phrase-matcher.js'
import { Scoping } from './scopes.js'
import { secondLookFeatures } from './second-look-features.js'
import { tokenise, type Token } from './tokenise.js'
import { saying, type GroupHit } from './word-groups.js'

/** One text, read with the lexicon: its words, what stands where, and what is asserted of the present. */
export interface Utterance {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly spans: ReadonlyMap<string, readonly Span[]>
  readonly scoping: Scoping
  readonly groups: readonly GroupHit[]
  /** Scopes whose cues stand in the text. */
  readonly cues: readonly string[]
}

/** Reads a text once for the rules and for the second look; never throws. */
export function readUtterance(text: string, lexicon: Lexicon): Utterance {
  const tokens = tokenise(text, lexicon.spelling)
  const spans = lexicon.matcher.find(tokens)
  const scoping = new Scoping(tokens, splitClauses(tokens, spans.get(lookup.connector) ?? []), spans, lexicon)
  const cues = lexicon.scopes.map((scope) => scope.id).filter((id) => (spans.get(lookup.scope(id)) ?? []).length > 0)
  return { text, tokens, spans, scoping, groups: lexicon.groups.find(tokens), cues }
}

/** Whether a place in the text belongs to a saying, whose words are not meant. */
export function isInSaying({ groups }: Utterance, span: Span): boolean {
  return groups.some((hit) => hit.group === saying && hit.from < span.to && span.from < hit.to)
}

/** The features by which the second look compares this utterance with the labelled cases. */
export function featuresOf(utterance: Utterance, lexicon: Lexicon): Set<string> {
  const { tokens, groups, cues, scoping } = utterance
  return secondLookFeatures({ tokens, hits: groups, cues, isShaded: (token) => scoping.isShaded(token), fillers: lexicon.fillers })
}

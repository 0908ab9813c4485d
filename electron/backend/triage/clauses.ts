import type { Span } from './phrase-matcher.js'
import type { Token } from './tokenise.js'

/** Cuts an utterance at punctuation and at connectors ("but", "parce que"); the clauses cover all tokens in order. */
export function splitClauses(tokens: readonly Token[], connectors: readonly Span[]): Span[] {
  const begins = new Set(connectors.map((connector) => connector.from))
  const clauses: Span[] = []
  let from = 0
  tokens.forEach((token, index) => {
    if (index > from && (token.afterPunctuation || begins.has(index))) {
      clauses.push({ from, to: index })
      from = index
    }
  })
  if (from < tokens.length) clauses.push({ from, to: tokens.length })
  return clauses
}

import { lookup, type Lexicon } from './lexicon.js'
import type { Span } from './phrase-matcher.js'
import type { Token } from './tokenise.js'

type Scope = Lexicon['scopes'][number]

/** A stretch of the utterance that one cue takes out of the present. */
interface Shadow extends Span {
  readonly cue: Span
  readonly background: boolean
  /** A cue with a reach in words does not act on a phrase that it is part of ("cannot breathe" is not negated by its own "not"). */
  readonly sparesItsOwn: boolean
}

const overlaps = (left: Span, right: Span): boolean => left.from < right.to && right.from < left.to
const isInside = (span: Span, area: Span): boolean => span.from >= area.from && span.to <= area.to

/** Longest clause, in words, that counts as a mere date or frame for the next one. */
const longestFrame = 7

/** Tells of each finding in an utterance whether it is asserted of the present, or negated, past, asked about, told as a story, or a figure of speech. */
export class Scoping {
  private readonly shadows: readonly Shadow[]

  constructor(
    private readonly tokens: readonly Token[],
    private readonly clauses: readonly Span[],
    private readonly spans: ReadonlyMap<string, readonly Span[]>,
    private readonly lexicon: Lexicon,
  ) {
    this.shadows = lexicon.scopes.flatMap((scope) => this.shadowsOf(scope))
  }

  /** Whether the finding is asserted of the present. */
  holds(finding: Span, background: boolean): boolean {
    return !this.shadows.some((shadow) => {
      if (background && !shadow.background) return false
      if (shadow.sparesItsOwn && overlaps(finding, shadow.cue)) return false
      return finding.from < shadow.to && finding.from >= shadow.from
    })
  }

  private shadowsOf(scope: Scope): Shadow[] {
    return (this.spans.get(lookup.scope(scope.id)) ?? []).flatMap((cue) => this.shadow(scope, cue))
  }

  private shadow(scope: Scope, cue: Span): Shadow[] {
    const whole = { from: 0, to: this.tokens.length }
    const clauseIndex = this.clauses.findIndex((clause) => cue.from >= clause.from && cue.from < clause.to)
    const clause = this.clauses[clauseIndex] ?? whole
    const wide = scope.before === 'message' || scope.after === 'message'
    const lifted = scope.unless !== undefined && (this.spans.get(scope.unless) ?? []).some((span) => isInside(span, wide ? whole : clause))
    if (lifted) return []
    const from = scope.before === 'message' ? 0 : scope.before === 'clause' ? clause.from : this.backward(scope, cue, clause, scope.before)
    const to = scope.after === 'message' ? whole.to : scope.after === 'clause' ? clause.to : this.forward(scope, cue, clause, scope.after)
    const sparesItsOwn = typeof scope.before === 'number' && typeof scope.after === 'number'
    return [{ from, to: scope.spreads ? this.spread(clause, clauseIndex, cue, to) : to, cue, background: scope.background, sparesItsOwn }]
  }

  private forward(scope: Scope, cue: Span, clause: Span, reach: number): number {
    const end = Math.min(clause.to, cue.to + reach)
    for (let index = cue.to; index < end; index += 1) if (scope.stopWords.has(this.tokens[index]?.word ?? '')) return index
    return Math.max(end, cue.to)
  }

  private backward(scope: Scope, cue: Span, clause: Span, reach: number): number {
    const end = Math.max(clause.from, cue.from - reach)
    for (let index = cue.from - 1; index >= end; index -= 1) if (scope.stopWords.has(this.tokens[index]?.word ?? '')) return index + 1
    return Math.min(end, cue.from)
  }

  private spread(clause: Span, clauseIndex: number, cue: Span, to: number): number {
    const next = this.clauses[clauseIndex + 1]
    if (!next || clause.to - clause.from > longestFrame) return to
    const saysMore = this.lexicon.concepts.some((concept) => (this.spans.get(concept) ?? []).some((span) => isInside(span, clause) && !overlaps(span, cue)))
    return saysMore ? to : next.to
  }
}

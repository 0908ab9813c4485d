import { lookup, type Lexicon } from './lexicon.js'
import type { Span } from './phrase-matcher.js'
import type { Token } from './tokenise.js'

type Scope = Lexicon['scopes'][number]

/** What a cue casts on the words near it. */
interface Shadow {
  readonly cue: Span
  readonly background: boolean
}

const overlaps = (left: Span, right: Span): boolean => left.from < right.to && right.from < left.to

/** Longest clause, in words, that counts as a mere date or frame for the next one. */
const longestFrame = 7

/** Tells of each finding in an utterance whether it is asserted of the present, or negated, past, asked about, told as a story, or a figure of speech. */
export class Scoping {
  private readonly clauseOf: Int32Array
  /** Concepts' places by clause, for cues that reach into the next clause when their own says nothing else. */
  private readonly saidIn = new Map<number, Span[]>()
  /** Shadows that spare nothing, as marks on the tokens. */
  private readonly dark: Uint8Array
  private readonly darkForBackground: Uint8Array
  private readonly near: (Shadow[] | undefined)[]

  constructor(
    private readonly tokens: readonly Token[],
    private readonly clauses: readonly Span[],
    private readonly spans: ReadonlyMap<string, readonly Span[]>,
    lexicon: Lexicon,
  ) {
    this.clauseOf = new Int32Array(tokens.length)
    clauses.forEach((clause, index) => this.clauseOf.fill(index, clause.from, clause.to))
    this.dark = new Uint8Array(tokens.length)
    this.darkForBackground = new Uint8Array(tokens.length)
    this.near = new Array<Shadow[] | undefined>(tokens.length)
    for (const concept of lexicon.concepts) {
      if (lexicon.modifiers.has(concept)) continue
      for (const span of spans.get(concept) ?? []) {
        const clause = this.clauseOf[span.from] ?? 0
        const said = this.saidIn.get(clause)
        if (said) said.push(span)
        else this.saidIn.set(clause, [span])
      }
    }
    for (const scope of lexicon.scopes) this.castShadows(scope)
  }

  /** Whether the finding is asserted of the present. */
  holds(finding: Span, background: boolean): boolean {
    if ((background ? this.darkForBackground : this.dark)[finding.from]) return false
    return !this.near[finding.from]?.some((shadow) => (!background || shadow.background) && !overlaps(finding, shadow.cue))
  }

  /** Whether a token stands in a clause, or message, that is past, asked about, told or figurative. */
  isShaded(token: number): boolean {
    return this.dark[token] === 1
  }

  private castShadows(scope: Scope): void {
    const liftedIn = new Set((scope.unless === undefined ? [] : (this.spans.get(scope.unless) ?? [])).map((span) => this.clauseOf[span.from]))
    const isWide = scope.before === 'message' || scope.after === 'message'
    if (isWide && liftedIn.size > 0) return
    const cast = new Set<string>()
    for (const cue of this.spans.get(lookup.scope(scope.id)) ?? []) {
      if (scope.within) {
        this.castNear({ from: cue.from + 1, to: cue.to - 1 }, { from: cue.to - 1, to: cue.to }, scope.background)
        continue
      }
      const clauseIndex = this.clauseOf[cue.from] ?? 0
      if (liftedIn.has(clauseIndex)) continue
      const clause = this.clauses[clauseIndex] ?? { from: 0, to: this.tokens.length }
      const reach = this.reach(scope, cue, clause, clauseIndex)
      // A cue with a reach in words does not act on a phrase that it is part of: "cannot breathe" is not negated by its own "not".
      if (typeof scope.before === 'number' && typeof scope.after === 'number') this.castNear(reach, cue, scope.background)
      else if (!cast.has(`${reach.from}-${reach.to}`)) {
        cast.add(`${reach.from}-${reach.to}`)
        this.dark.fill(1, reach.from, reach.to)
        if (scope.background) this.darkForBackground.fill(1, reach.from, reach.to)
      }
    }
  }

  private castNear(reach: Span, cue: Span, background: boolean): void {
    for (let index = reach.from; index < reach.to; index += 1) {
      const shadow = { cue, background }
      const list = this.near[index]
      if (list) list.push(shadow)
      else this.near[index] = [shadow]
    }
  }

  private reach(scope: Scope, cue: Span, clause: Span, clauseIndex: number): Span {
    const from = scope.before === 'message' ? 0 : scope.before === 'clause' ? clause.from : this.backward(scope, cue, clause, scope.before)
    const to = scope.after === 'message' ? this.tokens.length : scope.after === 'clause' ? clause.to : this.forward(scope, cue, clause, scope.after)
    return { from, to: scope.spreads ? this.spread(clause, clauseIndex, cue, to) : to }
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
    const saysMore = this.saidIn.get(clauseIndex)?.some((span) => !overlaps(span, cue)) ?? false
    return saysMore ? to : next.to
  }
}

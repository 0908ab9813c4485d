import type { Alternatives, Element, Phrase } from './phrase.js'
import type { Token } from './tokenise.js'

/** A concept found in a text: tokens `from` up to, not including, `to`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Fillers ("the", "est", "très") that may stand between two elements of a phrase. */
const fillersBetween = 3
const prefixKeyLength = 3

interface IndexedPhrase {
  readonly phrase: Phrase
  readonly concept: string
}

/**
 * Finds the phrases of all concepts in a text. Phrases are looked up by their first word, and one phrase looks at a bounded number of words,
 * so the work grows with the length of the text and nothing else.
 */
export class PhraseMatcher {
  private readonly byWord = new Map<string, IndexedPhrase[]>()
  private readonly byPrefix = new Map<string, IndexedPhrase[]>()
  private readonly byNumber: IndexedPhrase[] = []
  /** Concepts in an order in which a concept comes after those that its phrases name. */
  private readonly order: readonly string[]

  /** @throws Error when a phrase names an unknown concept, when concepts name one another in a circle, or when a prefix is under three letters */
  constructor(
    private readonly concepts: ReadonlyMap<string, readonly Phrase[]>,
    private readonly fillers: ReadonlySet<string>,
    /** Concept -> the concept whose places are not its own ("bite" and "mosquito bite"). */
    private readonly exceptions: ReadonlyMap<string, string> = new Map(),
    /** Negations, which no gap passes over: "vomits no blood" is not "vomits .. blood". */
    private readonly negations: ReadonlySet<string> = new Set(),
  ) {
    this.order = this.sortConcepts()
    for (const [concept, phrases] of concepts) for (const phrase of phrases) this.index({ phrase, concept })
  }

  private index(entry: IndexedPhrase): void {
    const add = (map: Map<string, IndexedPhrase[]>, key: string): void => {
      const list = map.get(key)
      if (list) list.push(entry)
      else map.set(key, [entry])
    }
    const first = entry.phrase.elements[0]
    if (first?.kind !== 'any') return
    if (first.numbers.length > 0) this.byNumber.push(entry)
    for (const word of first.words) add(this.byWord, word)
    for (const prefix of first.prefixes) {
      if (prefix.length < prefixKeyLength) throw new Error(`"${prefix}*" is too short a beginning`)
      add(this.byPrefix, prefix.slice(0, prefixKeyLength))
    }
  }

  private sortConcepts(): string[] {
    const order: string[] = []
    const state = new Map<string, 'open' | 'done'>()
    const visit = (name: string): void => {
      if (state.get(name) === 'done') return
      if (state.get(name) === 'open') throw new Error(`the concept "${name}" refers to itself`)
      const phrases = this.concepts.get(name)
      if (!phrases) throw new Error(`there is no concept "${name}"`)
      state.set(name, 'open')
      const exception = this.exceptions.get(name)
      if (exception !== undefined) visit(exception)
      for (const phrase of phrases) for (const element of phrase.elements) if (element.kind === 'any') element.concepts.forEach(visit)
      state.set(name, 'done')
      order.push(name)
    }
    for (const name of this.concepts.keys()) visit(name)
    return order
  }

  /** Every place where a concept stands; of several readings that begin at one word, the longest. */
  find(tokens: readonly Token[]): Map<string, Span[]> {
    const candidates = this.candidates(tokens)
    const found = new Map<string, Map<number, Set<number>>>()
    for (const concept of this.order) {
      const starts = new Map<number, Set<number>>()
      for (const { phrase, from } of candidates.get(concept) ?? []) this.matchAt(tokens, phrase, from, found, starts)
      for (const phrase of this.concepts.get(concept) ?? []) {
        const first = phrase.elements[0]
        if (first?.kind !== 'any') continue
        for (const other of first.concepts) for (const from of found.get(other)?.keys() ?? []) this.matchAt(tokens, phrase, from, found, starts)
      }
      this.removeExceptions(starts, found.get(this.exceptions.get(concept) ?? ''))
      if (starts.size > 0) found.set(concept, starts)
    }
    const spans = new Map<string, Span[]>()
    for (const [concept, starts] of found) {
      spans.set(concept, [...starts].map(([from, ends]) => ({ from, to: Math.max(...ends) })).sort((left, right) => left.from - right.from))
    }
    return spans
  }

  private removeExceptions(starts: Map<number, Set<number>>, exceptions: ReadonlyMap<number, ReadonlySet<number>> | undefined): void {
    if (!exceptions) return
    const excepted = new Set<number>()
    for (const [from, ends] of exceptions) for (let index = from; index < Math.max(...ends); index += 1) excepted.add(index)
    for (const [from, ends] of starts) {
      let firstExcepted = from
      while (!excepted.has(firstExcepted) && firstExcepted < Math.max(...ends)) firstExcepted += 1
      for (const end of ends) if (end > firstExcepted) ends.delete(end)
      if (ends.size === 0) starts.delete(from)
    }
  }

  private candidates(tokens: readonly Token[]): Map<string, { phrase: Phrase; from: number }[]> {
    const candidates = new Map<string, { phrase: Phrase; from: number }[]>()
    const vocabulary = new Vocabulary(tokens)
    const entriesOf = new Map<string, readonly IndexedPhrase[]>()
    tokens.forEach((token, from) => {
      let entries = entriesOf.get(token.word)
      if (!entries) {
        const all = [this.byWord.get(token.word), this.byPrefix.get(token.word.slice(0, prefixKeyLength)), token.number === null ? undefined : this.byNumber]
        entries = all.flatMap((list) => list ?? []).filter(({ phrase }) => vocabulary.mayHold(phrase))
        entriesOf.set(token.word, entries)
      }
      for (const { phrase, concept } of entries) {
        const list = candidates.get(concept)
        if (list) list.push({ phrase, from })
        else candidates.set(concept, [{ phrase, from }])
      }
    })
    return candidates
  }

  private matchAt(
    tokens: readonly Token[], phrase: Phrase, from: number, found: ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<number>>>, into: Map<number, Set<number>>,
  ): void {
    let positions = new Set([from])
    phrase.elements.forEach((element, index) => {
      const next = new Set<number>()
      for (const position of positions) this.step(tokens, element, position, index === 0, found, next)
      positions = next
    })
    positions.delete(from)
    if (positions.size === 0) return
    const ends = into.get(from)
    if (ends) for (const end of positions) ends.add(end)
    else into.set(from, positions)
  }

  /** Adds to `next` where the text may go on after this element is matched at `position`. */
  private step(
    tokens: readonly Token[], element: Element, position: number, isFirst: boolean,
    found: ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<number>>>, next: Set<number>,
  ): void {
    if (element.kind === 'any' && element.optional) next.add(position)
    const furthest = isFirst ? 0 : element.kind === 'gap' ? element.longest : fillersBetween
    for (let skipped = 0; skipped <= furthest; skipped += 1) {
      const at = position + skipped
      const token = tokens[at]
      if (!token || (token.afterPunctuation && !(isFirst && skipped === 0))) {
        if (element.kind === 'gap') next.add(at)
        return
      }
      if (element.kind === 'gap') {
        next.add(at)
        if (this.negations.has(token.word)) return
      } else {
        if (matchesToken(element, token)) next.add(at + 1)
        for (const concept of element.concepts) for (const end of found.get(concept)?.get(at) ?? []) next.add(end)
      }
      if (element.kind !== 'gap' && !this.fillers.has(token.word)) return
    }
  }
}

function matchesToken(element: Alternatives, token: Token): boolean {
  const { number } = token
  if (number !== null && element.numbers.some(({ from, to }) => number >= from && number <= to)) return true
  return element.words.includes(token.word) || element.prefixes.some((prefix) => token.word.startsWith(prefix))
}

/** The words of one text, to pass over phrases that cannot be in it. */
class Vocabulary {
  private readonly words: ReadonlySet<string>
  private readonly numbers: readonly number[]
  private readonly prefixes = new Map<string, boolean>()

  constructor(tokens: readonly Token[]) {
    this.words = new Set(tokens.map((token) => token.word))
    this.numbers = [...new Set(tokens.flatMap((token) => token.number ?? []))]
  }

  mayHold(phrase: Phrase): boolean {
    return phrase.elements.every((element) => element.kind === 'gap' || element.optional || element.concepts.length > 0 || this.mayMatch(element))
  }

  private mayMatch(element: Alternatives): boolean {
    for (const word of element.words) if (this.words.has(word)) return true
    return element.prefixes.some((prefix) => this.hasPrefix(prefix)) || element.numbers.some(({ from, to }) => this.numbers.some((number) => number >= from && number <= to))
  }

  private hasPrefix(prefix: string): boolean {
    const known = this.prefixes.get(prefix)
    if (known !== undefined) return known
    const found = [...this.words].some((word) => word.startsWith(prefix))
    this.prefixes.set(prefix, found)
    return found
  }
}

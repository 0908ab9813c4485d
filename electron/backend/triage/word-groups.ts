import type { Span } from './phrase-matcher.js'
import { expandWord, type Spelling, type Token } from './tokenise.js'

/** A place where a text uses a word of a group. */
export interface GroupHit extends Span {
  readonly group: string
}

/** The group of sayings, whose words are not meant. */
export const saying = 'saying'

const prefixKeyLength = 3

/** Entries by group, each cut into words as an utterance is. */
export type ExpandedGroups = Readonly<Record<string, readonly (readonly string[])[]>>

/** Cuts the entries of the word groups into words. @throws Error when a beginning (`word*`) that opens an entry is shorter than three letters */
export function expandGroups(groups: Readonly<Record<string, readonly string[]>>, spelling: Spelling): ExpandedGroups {
  return Object.fromEntries(Object.entries(groups).map(([group, entries]) => [group, entries.map((entry) => {
    const words = entry.split(' ').flatMap((word) => (word.endsWith('*') ? [word] : expandWord(word, spelling)))
    if (words[0]?.endsWith('*') && words[0].length <= prefixKeyLength) throw new Error(`word group "${group}": "${entry}" is too short a beginning`)
    return words
  })]))
}

/** Finds the everyday word groups of `word-groups.yaml` in a text, in one pass. */
export class WordGroups {
  /** First word -> the rest of the entry and its group. */
  private readonly entries = new Map<string, { readonly rest: readonly string[]; readonly group: string }[]>()
  private readonly prefixes = new Map<string, { readonly prefix: string; readonly rest: readonly string[]; readonly group: string }[]>()

  /** @param groups of each group its entries, as `expandGroups` gives them */
  constructor(groups: ExpandedGroups) {
    for (const [group, entries] of Object.entries(groups)) for (const [first = '', ...rest] of entries) this.add(group, first, rest)
  }

  private add(group: string, first: string, rest: readonly string[]): void {
    if (!first.endsWith('*')) push(this.entries, first, { rest, group })
    else push(this.prefixes, first.slice(0, prefixKeyLength), { prefix: first.slice(0, -1), rest, group })
  }

  /** Every hit, in the order of the text; a word may belong to several groups. What stands in a saying is left out. */
  find(tokens: readonly Token[]): GroupHit[] {
    const hits = this.findAll(tokens)
    const sayings = hits.filter((hit) => hit.group === saying)
    if (sayings.length === 0) return hits
    return hits.filter((hit) => hit.group === saying || !sayings.some((other) => hit.from < other.to && other.from < hit.to))
  }

  private findAll(tokens: readonly Token[]): GroupHit[] {
    const hits: GroupHit[] = []
    tokens.forEach(({ word }, from) => {
      for (const { rest, group } of this.entries.get(word) ?? []) {
        if (follows(rest, tokens, from)) hits.push({ group, from, to: from + rest.length + 1 })
      }
      for (const { prefix, rest, group } of this.prefixes.get(word.slice(0, prefixKeyLength)) ?? []) {
        if (word.startsWith(prefix) && follows(rest, tokens, from)) hits.push({ group, from, to: from + rest.length + 1 })
      }
    })
    return hits
  }
}

function follows(rest: readonly string[], tokens: readonly Token[], from: number): boolean {
  return rest.every((next, offset) => matchesWord(next, tokens[from + offset + 1]?.word))
}

function matchesWord(expected: string, word: string | undefined): boolean {
  if (word === undefined) return false
  return expected.endsWith('*') ? word.startsWith(expected.slice(0, -1)) : word === expected
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

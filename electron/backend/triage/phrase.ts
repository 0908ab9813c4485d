import { expandWord, type Spelling } from './tokenise.js'

/** One step of a phrase. */
export type Element =
  | { readonly kind: 'words'; readonly words: ReadonlySet<string>; readonly prefixes: readonly string[]; readonly optional: boolean }
  | { readonly kind: 'number'; readonly from: number; readonly to: number }
  | { readonly kind: 'concept'; readonly concept: string; readonly optional: boolean }
  | { readonly kind: 'gap'; readonly longest: number }

export interface Phrase {
  readonly source: string
  readonly elements: readonly Element[]
}

/** What a phrase needs to be understood: spelling as for the utterance, and the words that carry no meaning. */
export interface PhraseContext {
  readonly spelling: Spelling
  readonly fillers: ReadonlySet<string>
}

const shortGap = 3
const longGap = 6

function parseWords(source: string, context: PhraseContext): Element[] {
  const optional = source.endsWith('?')
  const alternatives = (optional ? source.slice(0, -1) : source).split('|')
  if (alternatives.length === 1 && !optional && !source.endsWith('*')) {
    return expandWord(source, context.spelling)
      .filter((word) => !context.fillers.has(word))
      .map((word) => ({ kind: 'words', words: new Set([word]), prefixes: [], optional: false }))
  }
  const words = new Set<string>()
  const prefixes: string[] = []
  for (const alternative of alternatives) {
    const expanded = expandWord(alternative.replace(/\*$/u, ''), alternative.endsWith('*') ? new Map() : context.spelling)
    const word = expanded.at(-1)
    if (word === undefined || expanded.length !== 1) throw new Error(`"${alternative}" must be one word inside alternatives`)
    if (alternative.endsWith('*')) prefixes.push(word)
    else words.add(word)
  }
  if (prefixes.length === 0 && [...words].every((word) => context.fillers.has(word))) return []
  return [{ kind: 'words', words, prefixes, optional }]
}

function parseElement(source: string, context: PhraseContext): Element[] {
  if (source === '..') return [{ kind: 'gap', longest: shortGap }]
  if (source === '...') return [{ kind: 'gap', longest: longGap }]
  const concept = /^<([a-z0-9_]+)>(\?)?$/u.exec(source)
  if (concept?.[1] !== undefined) return [{ kind: 'concept', concept: concept[1], optional: concept[2] !== undefined }]
  const number = /^#(?:(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?))?$/u.exec(source)
  if (number) return [{ kind: 'number', from: Number(number[1] ?? 0), to: Number(number[2] ?? Number.MAX_SAFE_INTEGER) }]
  if (source === '/') return [{ kind: 'words', words: new Set(['/']), prefixes: [], optional: false }]
  return parseWords(source, context)
}

/**
 * Reads a phrase of the rule files: words; `word*` a beginning; `a|b` either; `word?` may be missing; `#` a number, `#1-28` one in this range;
 * `..` up to three words of any kind, `...` up to six; `<name>` anything of that concept. Articles and other fillers are left out.
 * @throws Error when nothing is left, when it begins or ends with something that may be missing, or when an alternative is more than one word
 */
export function parsePhrase(source: string, context: PhraseContext): Phrase {
  const elements = source.trim().split(/\s+/u).flatMap((element) => parseElement(element, context))
  const first = elements[0]
  if (!first) throw new Error(`the phrase "${source}" has no word of meaning`)
  if (first.kind === 'gap' || elements.at(-1)?.kind === 'gap' || ('optional' in first && first.optional)) {
    throw new Error(`the phrase "${source}" must begin with something that cannot be missing and not end with a gap`)
  }
  return { source, elements }
}

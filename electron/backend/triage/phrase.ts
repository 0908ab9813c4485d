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
    return expandWord(source, context.spelling).map((word) => ({ kind: 'words', words: new Set([word]), prefixes: [], optional: false }))
  }
  const words = new Set<string>()
  const prefixes: string[] = []
  for (const alternative of alternatives) {
    const isPrefix = alternative.endsWith('*')
    const expanded = expandWord(alternative.replace(/\*$/u, ''), isPrefix ? new Map() : context.spelling)
    const meaningful = expanded.length > 1 ? expanded.filter((word) => !context.fillers.has(word)) : expanded
    const word = meaningful[0] ?? expanded.at(-1)
    if (word === undefined || meaningful.length > 1) throw new Error(`"${alternative}" must be one word inside alternatives`)
    if (isPrefix) prefixes.push(word)
    else words.add(word)
  }
  return [{ kind: 'words', words, prefixes, optional }]
}

function isFiller(element: Element, context: PhraseContext): boolean {
  return element.kind === 'words' && element.prefixes.length === 0 && [...element.words].every((word) => context.fillers.has(word))
}

/** Leaves out fillers, unless a single word or a gap at an end would remain: "very weak" must not come down to "weak". */
function withoutFillers(elements: readonly Element[], context: PhraseContext): Element[] {
  const kept = elements.filter((element) => !isFiller(element, context))
  const isFirm = (element: Element | undefined): boolean => element !== undefined && element.kind !== 'gap' && !('optional' in element && element.optional)
  return kept.length > 1 && isFirm(kept[0]) && kept.at(-1)?.kind !== 'gap' ? kept : [...elements]
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

/** Writes out alternatives of several words: "is gone_dead|cold" gives "is cold" and "is gone dead". */
function writeOut(source: string): string[] {
  let variants: string[][] = [[]]
  for (const element of source.trim().split(/\s+/u)) {
    const alternatives = element.split('|')
    const several = alternatives.filter((alternative) => alternative.includes('_') && !alternative.startsWith('<'))
    const single = alternatives.filter((alternative) => !several.includes(alternative))
    const choices = [...(single.length > 0 ? [[single.join('|')]] : []), ...several.map((alternative) => alternative.split('_'))]
    variants = variants.flatMap((variant) => choices.map((choice) => [...variant, ...choice]))
  }
  return variants.map((variant) => variant.join(' '))
}

function parseOne(source: string, context: PhraseContext): Phrase {
  const elements = withoutFillers(source.split(' ').flatMap((element) => parseElement(element, context)), context)
  const first = elements[0]
  if (!first) throw new Error(`the phrase "${source}" has no word of meaning`)
  if (first.kind === 'gap' || elements.at(-1)?.kind === 'gap' || ('optional' in first && first.optional)) {
    throw new Error(`the phrase "${source}" must begin with something that cannot be missing and not end with a gap`)
  }
  return { source, elements }
}

/**
 * Reads a phrase of the rule files: words; `word*` a beginning; `a|b` either; `a|b_c` either "a" or "b c"; `word?` may be missing; `#` a number,
 * `#1-28` one in this range; `..` up to three words of any kind, `...` up to six; `<name>` anything of that concept. Articles and other fillers are left out.
 * @throws Error when nothing is left, or when it begins or ends with something that may be missing
 */
export function parsePhrase(source: string, context: PhraseContext): Phrase[] {
  return writeOut(source).map((variant) => parseOne(variant, context))
}

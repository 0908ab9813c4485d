import { expandWord, fold, type Spelling } from './tokenise.js'

/** One step of a phrase: any one of its alternatives, or a gap of up to `longest` words. */
export type Element = Alternatives | { readonly kind: 'gap'; readonly longest: number }

export interface Alternatives {
  readonly kind: 'any'
  readonly words: readonly string[]
  /** Beginnings of words, three letters or more. */
  readonly prefixes: readonly string[]
  readonly numbers: readonly { readonly from: number; readonly to: number }[]
  readonly concepts: readonly string[]
  readonly optional: boolean
}

export interface Phrase {
  readonly elements: readonly Element[]
}

/** What a phrase needs to be understood: spelling as for the utterance, and the words that carry no meaning. */
export interface PhraseContext {
  readonly spelling: Spelling
  readonly fillers: ReadonlySet<string>
  /** Elements read before, by their source: the rule files repeat few elements very often. */
  readonly known?: Map<string, readonly Element[]>
  readonly knownWords?: Map<string, string>
}

const shortGap = 3
const longGap = 6

function single(word: string): Alternatives {
  return { kind: 'any', words: [word], prefixes: [], numbers: [], concepts: [], optional: false }
}

function parseAlternatives(source: string, context: PhraseContext): Alternatives {
  const optional = source.endsWith('?')
  const words = new Set<string>()
  const prefixes: string[] = []
  const numbers: { from: number; to: number }[] = []
  const concepts: string[] = []
  for (const alternative of (optional ? source.slice(0, -1) : source).split('|')) {
    const concept = /^<([a-z0-9_]+)>$/u.exec(alternative)
    const number = /^#(?:(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?))?$/u.exec(alternative)
    if (concept?.[1] !== undefined) concepts.push(concept[1])
    else if (number) numbers.push({ from: Number(number[1] ?? 0), to: Number(number[2] ?? Number.MAX_SAFE_INTEGER) })
    else if (alternative.endsWith('*')) prefixes.push(prefixOf(alternative))
    else words.add(oneWord(alternative, context))
  }
  return { kind: 'any', words: [...words], prefixes, numbers, concepts, optional }
}

/** @throws Error when the alternative stands for several words of meaning */
function oneWord(alternative: string, context: PhraseContext): string {
  const known = context.knownWords?.get(alternative)
  if (known !== undefined) return known
  const word = readWord(alternative, context)
  context.knownWords?.set(alternative, word)
  return word
}

/** The beginning of a word is folded and not otherwise mapped. */
function prefixOf(alternative: string): string {
  return fold(alternative.slice(0, -1))
}

function readWord(alternative: string, context: PhraseContext): string {
  const expanded = expandWord(alternative, context.spelling)
  const meaningful = expanded.length > 1 ? expanded.filter((word) => !context.fillers.has(word)) : expanded
  const word = meaningful[0] ?? expanded.at(-1)
  if (word === undefined || meaningful.length > 1) throw new Error(`"${alternative}" must be one word inside alternatives`)
  return word
}

function parseElement(source: string, context: PhraseContext): readonly Element[] {
  const known = context.known?.get(source)
  if (known) return known
  const elements = readElement(source, context)
  context.known?.set(source, elements)
  return elements
}

function readElement(source: string, context: PhraseContext): Element[] {
  if (source === '..') return [{ kind: 'gap', longest: shortGap }]
  if (source === '...') return [{ kind: 'gap', longest: longGap }]
  if (source === '/') return [single('/')]
  if (/[|?*#<]/u.test(source)) return [parseAlternatives(source, context)]
  return expandWord(source, context.spelling).map(single)
}

function isFiller(element: Element, context: PhraseContext): boolean {
  if (element.kind === 'gap' || element.prefixes.length + element.numbers.length + element.concepts.length > 0) return false
  return element.words.every((word) => context.fillers.has(word))
}

/** Leaves out fillers, unless a single word or a gap at an end would remain: "very weak" must not come down to "weak". */
function withoutFillers(elements: readonly Element[], context: PhraseContext): Element[] {
  const kept = elements.filter((element) => !isFiller(element, context))
  const isFirm = (element: Element | undefined): boolean => element !== undefined && element.kind !== 'gap' && !element.optional
  return kept.length > 1 && isFirm(kept[0]) && isFirm(kept.at(-1)) ? kept : [...elements]
}

/** Writes out alternatives of several words: "is gone_dead|cold" gives "is cold" and "is gone dead". */
function writeOut(source: string): string[] {
  if (!source.includes('_')) return [source.trim().replace(/\s+/gu, ' ')]
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
  const last = elements.at(-1) ?? first
  if (first.kind === 'gap' || last.kind === 'gap' || first.optional || last.optional) {
    throw new Error(`the phrase "${source}" must begin and end with something that cannot be missing`)
  }
  return { elements }
}

/**
 * Reads a phrase of the rule files: words; `word*` a beginning; `a|b` either; `a|b_c` either "a" or "b c"; `word?` may be missing; `#` a number,
 * `#1-28` one in this range; `..` up to three words of any kind, `...` up to six; `<name>` anything of that concept. Articles and other fillers are left out.
 * @throws Error when nothing is left, or when it begins or ends with something that may be missing
 */
export function parsePhrase(source: string, context: PhraseContext): Phrase[] {
  return writeOut(source).map((variant) => parseOne(variant, context))
}

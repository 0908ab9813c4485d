/** Patterns over folded text (small letters, no accents) made of lists of words. */
import { foldText } from '../../knowledge/language/fold-text.js'

const notWithin = String.raw`(?<![\p{L}\p{N}])`
const notBefore = String.raw`(?![\p{L}\p{N}])`

/** A word or phrase as a pattern: folded, with any white space or hyphen between its parts. */
export function phraseSource(phrase: string): string {
  return foldText(phrase)
    .trim()
    .replace(/[/\\^$*+?.()|[\]{}]/g, '\\$&')
    .replace(/[\s-]+/g, String.raw`[\s\u00a0-]+`)
}

/** Alternatives, the longest first. */
export function anyOf(phrases: readonly string[]): string {
  return [...new Set(phrases.map((phrase) => phrase.trim()))].sort((one, other) => other.length - one.length).map(phraseSource).join('|')
}

/** Finds whole words. An elision (`l'`, `d'`) counts as a word's border. */
export function wordsPattern(phrases: readonly string[], flags = 'gu'): RegExp {
  return new RegExp(`${notWithin}(?:${anyOf(phrases)})${notBefore}`, flags)
}

/** Whether a place in a folded text ends a part of the sentence: stops, and commas that do not continue an enumeration. */
export function partBefore(text: string, at: number): string {
  const before = text.slice(0, at)
  const parts = before.split(/[;:.!?]|\s[-–—]\s|\b(?:but|so that|therefore|however|mais|donc|cependant)\b/u)
  const part = parts.at(-1) ?? ''
  const pieces = part.split(',')
  // "if you are pregnant, have HIV, or you have diabetes": an enumeration goes on under the same condition.
  let from = pieces.length - 1
  while (from > 0 && /^\s*(?:or|and|nor|ou|et|ni)\b/u.test(pieces[from] ?? '')) from--
  return pieces.slice(from).join(',')
}

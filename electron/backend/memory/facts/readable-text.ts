/** A text in the form in which rules read it, with the way back to its own characters. */
import { foldText } from '../../knowledge/language/fold-text.js'

export interface ReadableText {
  readonly original: string
  /** Lower case, without accents; apostrophes and hyphens between letters are spaces. */
  readonly plain: string
  /** For each character of `plain` the UTF-16 offset of the original; one more at the end. */
  readonly offsets: readonly number[]
}

const foldedCharacters = new Map<string, string>()
/** Characters remembered; a text in two languages has some two hundred. */
const rememberedLimit = 5_000

function foldCharacter(character: string): string {
  const known = foldedCharacters.get(character)
  if (known !== undefined) return known
  if (foldedCharacters.size >= rememberedLimit) foldedCharacters.clear()
  const folded = foldText(character).replace(/[-'‐‑–]/g, ' ')
  foldedCharacters.set(character, folded)
  return folded
}

/** Folds a text character by character. */
export function readable(original: string): ReadableText {
  const offsets: number[] = []
  let plain = ''
  let at = 0
  for (const character of original) {
    const folded = foldCharacter(character)
    for (let index = 0; index < folded.length; index++) offsets.push(at)
    plain += folded
    at += character.length
  }
  offsets.push(original.length)
  return { original, plain: keepRhesus(original, plain, offsets), offsets }
}

/** The minus of a blood group ("O-") means something; every other hyphen is a space. */
function keepRhesus(original: string, plain: string, offsets: readonly number[]): string {
  let kept = plain
  for (const match of original.matchAll(/(?<![\p{L}\p{N}])(?:AB|A|B|O)\s?[-–](?![\p{L}\p{N}])/gu)) {
    const at = offsets.indexOf(match.index + match[0].length - 1)
    if (at >= 0) kept = `${kept.slice(0, at)}-${kept.slice(at + 1)}`
  }
  return kept
}

/** The text's own characters behind a stretch of `plain`. */
export function originalSlice(text: ReadableText, from: number, to: number): string {
  return text.original.slice(originalOffset(text, from), originalOffset(text, to))
}

/** The UTF-16 offset in the original of a place in `plain`. */
export function originalOffset(text: ReadableText, index: number): number {
  return text.offsets[Math.min(index, text.plain.length)] ?? text.original.length
}

/** One word of an utterance, folded for matching, with its place in the text as written. */
export interface Token {
  /** Lower case, without accents, apostrophes resolved, spelling mapped. */
  readonly word: string
  /** The value of a number, written in digits or in words; null for other words. */
  readonly number: number | null
  /** UTF-16 offsets of the written word. Several tokens may share them ("j'ai" gives "je" and "ai"). */
  readonly start: number
  readonly end: number
  /** Punctuation stands between this word and the one before it. */
  readonly afterPunctuation: boolean
}

/** Folded written form -> the words it stands for; an empty list drops the word. */
export type Spelling = ReadonlyMap<string, readonly string[]>

const wordPattern = /\d+(?:[.,]\d+)?|[\p{L}\p{M}]+(?:['’‘`´ʼ][\p{L}\p{M}]+)*['’‘`´ʼ]?|\//gu
const apostrophe = /['’‘`´ʼ]/u
const breakPattern = /[.,;:!?…()[\]{}\n\r–—•]|\s-\s/u

const elisions: ReadonlyMap<string, string> = new Map([
  ['j', 'je'], ['l', 'le'], ['d', 'de'], ['n', 'ne'], ['m', 'me'], ['t', 'te'], ['s', 'se'], ['c', 'ce'], ['qu', 'que'],
  ['jusqu', 'jusque'], ['lorsqu', 'lorsque'], ['puisqu', 'puisque'], ['quelqu', 'quelque'],
])

/** Endings that English contracts onto a word and that carry no meaning for the rules ("he's", "I'm", "we've"). */
const contractedEndings = new Set(['s', 'm', 're', 've', 'll', 'd'])

const numberWords: ReadonlyMap<string, number> = new Map([
  ['zero', 0], ['one', 1], ['un', 1], ['une', 1], ['two', 2], ['deux', 2], ['three', 3], ['trois', 3], ['four', 4], ['quatre', 4], ['five', 5], ['cinq', 5],
  ['six', 6], ['seven', 7], ['sept', 7], ['eight', 8], ['huit', 8], ['nine', 9], ['neuf', 9], ['ten', 10], ['dix', 10], ['dizaine', 10], ['eleven', 11], ['onze', 11],
  ['twelve', 12], ['douze', 12], ['dozen', 12], ['douzaine', 12], ['fifteen', 15], ['quinze', 15], ['twenty', 20], ['vingt', 20], ['vingtaine', 20],
  ['thirty', 30], ['trente', 30], ['trentaine', 30], ['forty', 40], ['quarante', 40], ['fifty', 50], ['cinquante', 50], ['hundred', 100], ['cent', 100],
])

/** Lower case without accents; three or more of one letter become one ("heeelp" -> "help"). */
export function fold(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('œ', 'oe').replaceAll('æ', 'ae').replace(/(\p{L})\1{2,}/gu, '$1')
}

function resolveApostrophes(parts: string[]): string[] {
  const [first = '', second = ''] = parts
  if (parts.length === 2 && second === 't' && first.endsWith('n')) return [first + second]
  if (first === 'aujourd') return ['aujourdhui', ...parts.slice(2)]
  if (first === 's' && second.startsWith('il')) return ['si', ...parts.slice(1)]
  const kept = parts.length > 1 && contractedEndings.has(parts.at(-1) ?? '') ? parts.slice(0, -1) : parts
  return kept.map((part, index) => (index < kept.length - 1 ? (elisions.get(part) ?? part) : part))
}

/** The words that a written word stands for. */
export function expandWord(written: string, spelling: Spelling): readonly string[] {
  const parts = fold(written).split(apostrophe).filter((part) => part !== '')
  const joined = parts.join('')
  const whole = spelling.get(joined)
  if (whole) return whole
  return resolveApostrophes(parts).flatMap((part) => spelling.get(part) ?? [part])
}

/** Cuts a text into tokens in one pass; never throws. */
export function tokenise(text: string, spelling: Spelling): Token[] {
  const tokens: Token[] = []
  let previousEnd = 0
  let pendingBreak = false
  for (const match of text.matchAll(wordPattern)) {
    const start = match.index
    const end = start + match[0].length
    pendingBreak ||= breakPattern.test(text.slice(previousEnd, start))
    previousEnd = end
    const digits = /^\d/u.test(match[0])
    const words = digits ? [match[0].replace(',', '.')] : expandWord(match[0], spelling)
    for (const word of words) {
      const number = digits ? Number(word) : (numberWords.get(word) ?? null)
      tokens.push({ word, number, start, end, afterPunctuation: pendingBreak })
      pendingBreak = false
    }
  }
  return tokens
}

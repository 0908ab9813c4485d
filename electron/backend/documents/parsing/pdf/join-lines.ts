/** Joins the lines of a paragraph; a word that was divided at the end of a line is made whole. */

const dividedEnd = /(\p{L}{2,})[-\u2010]$/u
const lowerStart = /^(\p{Ll}[\p{L}'’]*)/u
/** What follows a hyphen that belongs to the word: French inversions and compounds. */
const keptBefore = new Set(['il', 'elle', 'on', 'ils', 'elles', 'vous', 'nous', 'je', 'tu', 't', 'là', 'ci', 'même', 'mêmes', 'être', 'dessus', 'dessous', 'delà', 'moi', 'toi', 'lui', 'leur', 'ce', 'up'])
const keptAfter = new Set(['non', 'self', 'auto', 'semi', 'demi', 'mi', 'sous', 'ex', 'peut', 'au', 'là', 'quasi'])

/** The words of a text, to tell whether a hyphen at a line's end belongs to the word. */
export class WordForms {
  readonly #words = new Set<string>()

  /** Takes in a line; a divided word at its end is left out. */
  add(line: string): void {
    for (const [word] of line.replace(dividedEnd, '').matchAll(/[\p{L}'’]+(?:-[\p{L}'’]+)*/gu)) this.#words.add(word.toLowerCase())
  }

  has(word: string): boolean {
    return this.#words.has(word.toLowerCase())
  }
}

/** Both texts as one. */
export function joinLines(before: string, after: string, forms: WordForms): string {
  const head = dividedEnd.exec(before)?.[1]
  const tail = lowerStart.exec(after)?.[1]
  if (head === undefined || tail === undefined) return `${before} ${after}`
  return (keepsHyphen(head, tail, forms) ? before : before.slice(0, -1)) + after
}

function keepsHyphen(head: string, tail: string, forms: WordForms): boolean {
  if (forms.has(head + tail)) return false
  return forms.has(`${head}-${tail}`) || keptBefore.has(tail.toLowerCase()) || keptAfter.has(head.toLowerCase())
}

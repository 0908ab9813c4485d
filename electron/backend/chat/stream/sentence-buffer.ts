/** Cuts a text that comes in pieces into whole sentences, with the citations and the white space that belong to them. */

/** A stop in these is no end of a sentence; small letters, without the stop. */
const abbreviations = new Set(['dr', 'dre', 'mr', 'mrs', 'ms', 'mme', 'mlle', 'm', 'pr', 'prof', 'st', 'e.g', 'i.e', 'eg', 'ie', 'ex', 'p. ex', 'env', 'cf', 'vs', 'no', 'approx', 'max', 'min', 'tel', 'tél', 'fig', 'art', 'av', 'bd'])
/** What ends a sentence, what closes after it, and the citations that follow it. */
const sentenceEnd = /(?:[.!?…]+["'»”’)*_]*)(?:[ \t\u00a0\u202f]*\[[^\]\n]{0,40}\])*([ \t\u00a0\u202f]+)(?=\S)|[ \t]*\n[\s]*(?=\S)/gu

/** Characters of the longest bracket that counts as one. */
const longestBracket = 42
const closedBracket = /^\[[^\]\n]{0,40}\]/u

export class SentenceBuffer {
  #held = ''

  /** Takes a piece; gives the sentences that are whole with it. Joined, all that it gives is the text. */
  push(piece: string): string[] {
    this.#held += piece
    const sentences: string[] = []
    let from = 0
    for (const match of this.#held.matchAll(sentenceEnd)) {
      const end = match.index + match[0].length
      const isLine = match[0].includes('\n')
      if (!isLine) {
        // A stop within brackets ends nothing, and a citation belongs to the sentence before it. Whether it is one may not be known yet.
        const inside = this.#bracketBefore(from, match.index)
        const bracket = inside >= 0 ? inside : this.#held[end] === '[' ? end : -1
        if (bracket >= 0) {
          const closed = closedBracket.exec(this.#held.slice(bracket))
          if (!closed && this.#held.length - bracket <= longestBracket && !this.#held.slice(bracket).includes('\n')) break
          if (bracket === end || closed) continue
        }
        if (!this.#isEnd(from, match.index, end)) continue
      }
      sentences.push(this.#held.slice(from, end))
      from = end
    }
    this.#held = this.#held.slice(from)
    return sentences
  }

  /** What is left; the buffer is empty afterwards. */
  flush(): string {
    const rest = this.#held
    this.#held = ''
    return rest
  }

  /** Where a bracket opens before a place without being closed before it; -1 when none does. */
  #bracketBefore(from: number, at: number): number {
    const open = this.#held.lastIndexOf('[', at)
    return open >= from && !this.#held.slice(open, at).includes(']') ? open : -1
  }

  #isEnd(from: number, stop: number, end: number): boolean {
    if (!this.#held.startsWith('.', stop)) return true
    const before = this.#held.slice(from, stop)
    const lastWord = /[\p{L}.]+$/u.exec(before)?.[0].toLowerCase() ?? ''
    if (abbreviations.has(lastWord) || /^\p{L}$/u.test(lastWord)) return false
    // The number of a list, "1. Drink": its line is one sentence.
    if (/^\s*\d{1,3}$/.test(before)) return false
    // After a stop within a sentence small letters go on ("approx. two").
    return !/^\p{Ll}/u.test(this.#held.slice(end))
  }
}

/** Numbers words by their characters, read in place from a longer text: no string is made for a word that is known. */

const firstWords = 4096
const offsetBasis = 0x811c9dc5
const prime = 0x01000193

/** The hash of a word that is read character by character (FNV-1a over UTF-16 units): begin with `emptyHash`, then add each. */
export const emptyHash = offsetBasis
export const addToHash = (hash: number, unit: number): number => Math.imul(hash ^ unit, prime)

export class WordTable {
  /** Open addressing; a word's number + 1, or 0 where it is free. Its length is a power of 2. */
  #places = new Int32Array(firstWords * 4)
  #hashes = new Int32Array(firstWords)
  /** By number: where the word's characters begin; they end where the next word's begin. */
  #starts = new Uint32Array(firstWords + 1)
  #units = new Uint16Array(firstWords * 8)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The number of the word at text[start, end), whose hash this is; a new word's number is the size that was. */
  numberOf(text: string, start: number, end: number, hash: number): number {
    const mask = this.#places.length - 1
    let place = spread(hash) & mask
    for (let entry = this.#places[place]!; entry !== 0; entry = this.#places[place]!) {
      if (this.#hashes[entry - 1] === hash && this.#isWord(entry - 1, text, start, end)) return entry - 1
      place = (place + 1) & mask
    }
    return this.#add(text, start, end, hash, place)
  }

  #isWord(number: number, text: string, start: number, end: number): boolean {
    const from = this.#starts[number]!
    if (this.#starts[number + 1]! - from !== end - start) return false
    for (let at = start; at < end; at++) if (this.#units[from + at - start] !== text.charCodeAt(at)) return false
    return true
  }

  #add(text: string, start: number, end: number, hash: number, place: number): number {
    const number = this.#size++
    if (number === this.#hashes.length) this.#makeRoom()
    const from = this.#starts[number]!
    const to = from + end - start
    if (to > this.#units.length) {
      const larger = new Uint16Array(Math.max(to, this.#units.length * 2))
      larger.set(this.#units)
      this.#units = larger
    }
    for (let at = start; at < end; at++) this.#units[from + at - start] = text.charCodeAt(at)
    this.#starts[number + 1] = to
    this.#hashes[number] = hash
    if (this.#size * 2 > this.#places.length) this.#rehash()
    else this.#places[place] = number + 1
    return number
  }

  #makeRoom(): void {
    const hashes = new Int32Array(this.#hashes.length * 2)
    hashes.set(this.#hashes)
    this.#hashes = hashes
    const starts = new Uint32Array(hashes.length + 1)
    starts.set(this.#starts)
    this.#starts = starts
  }

  #rehash(): void {
    this.#places = new Int32Array(this.#places.length * 2)
    const mask = this.#places.length - 1
    for (let number = 0; number < this.#size; number++) {
      let place = spread(this.#hashes[number]!) & mask
      while (this.#places[place] !== 0) place = (place + 1) & mask
      this.#places[place] = number + 1
    }
  }
}

/** The lowest bits of FNV-1a depend on the lowest bits of the characters alone. */
const spread = (hash: number): number => hash ^ (hash >>> 15)

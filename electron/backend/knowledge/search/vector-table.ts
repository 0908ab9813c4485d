/** Normalised vectors in one Float32Array, row by slot, searched exactly: the dot product is the cosine. */
export class VectorTable {
  readonly dimensions: number
  #rows: Float32Array
  readonly #filled = new Set<number>()

  constructor(dimensions: number) {
    this.dimensions = dimensions
    this.#rows = new Float32Array(256 * dimensions)
  }

  /** Number of rows that hold a vector. */
  get size(): number {
    return this.#filled.size
  }

  has(slot: number): boolean {
    return this.#filled.has(slot)
  }

  /** Puts a vector of `dimensions` numbers into a row. Throws RangeError on another length. */
  set(slot: number, vector: ArrayLike<number>): void {
    if (vector.length !== this.dimensions) throw new RangeError(`a vector of ${vector.length} numbers in a table of ${this.dimensions}`)
    const needed = (slot + 1) * this.dimensions
    if (needed > this.#rows.length) {
      const larger = new Float32Array(Math.max(needed, this.#rows.length * 2))
      larger.set(this.#rows)
      this.#rows = larger
    }
    this.#rows.set(vector, slot * this.dimensions)
    this.#filled.add(slot)
  }

  delete(slot: number): void {
    this.#filled.delete(slot)
  }

  /** A copy of a row, or null when it is empty. */
  get(slot: number): Float32Array | null {
    return this.#filled.has(slot) ? this.#rows.slice(slot * this.dimensions, (slot + 1) * this.dimensions) : null
  }

  /** The `count` best rows among those that may be read and reach `minimum`, best first. */
  nearest(query: Float32Array, count: number, minimum: number, isReadable: (slot: number) => boolean): { slot: number; score: number }[] {
    const best: { slot: number; score: number }[] = []
    let least = minimum
    for (const slot of this.#filled) {
      if (!isReadable(slot)) continue
      const score = this.#dot(query, slot)
      if (score < least || (best.length === count && score === least)) continue
      let at = best.length
      while (at > 0 && (best[at - 1]?.score ?? Infinity) < score) at--
      best.splice(at, 0, { slot, score })
      if (best.length > count) best.pop()
      if (best.length === count) least = best[count - 1]?.score ?? least
    }
    return best
  }

  #dot(query: Float32Array, slot: number): number {
    const rows = this.#rows
    const offset = slot * this.dimensions
    const whole = this.dimensions - (this.dimensions % 4)
    // Four sums that do not wait for one another are about twice as quick as one. Every index lies within both arrays.
    let first = 0
    let second = 0
    let third = 0
    let fourth = 0
    for (let at = 0; at < whole; at += 4) {
      first += query[at]! * rows[offset + at]!
      second += query[at + 1]! * rows[offset + at + 1]!
      third += query[at + 2]! * rows[offset + at + 2]!
      fourth += query[at + 3]! * rows[offset + at + 3]!
    }
    for (let at = whole; at < this.dimensions; at++) first += query[at]! * rows[offset + at]!
    return first + second + third + fourth
  }
}

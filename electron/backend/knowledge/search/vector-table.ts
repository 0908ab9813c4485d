/** Normalised vectors, row by slot, in the memory of one kernel; searched exactly: the dot product is the cosine. */
import { createRowKernel, type RowKernel } from './kernel/row-kernel.js'
import type { SlotMask } from './slot-mask.js'

/** Rows scored in one call of the kernel; only where the best of them belongs among the nearest are they looked at one by one. */
const rowsARun = 1024
/** A row begins on a cache line. */
const alignment = 64

export class VectorTable {
  readonly dimensions: number
  readonly #kernel: RowKernel
  /** Bytes from one row to the next. */
  readonly #stride: number
  /** Byte offsets in the kernel's memory; the query lies at 0. */
  readonly #heldAt: number
  readonly #readableAt: number
  readonly #scoresAt: number
  readonly #rowsAt: number
  /** 1 where a row holds a vector. */
  #held = new Uint8Array(0)
  #size = 0
  /** Rows from here on have never held a vector. */
  #end = 0

  constructor(dimensions: number, kernel: RowKernel = createRowKernel()) {
    this.dimensions = dimensions
    this.#kernel = kernel
    this.#stride = Math.ceil((dimensions * 4) / alignment) * alignment
    this.#heldAt = this.#stride
    this.#readableAt = this.#heldAt + rowsARun
    this.#scoresAt = this.#readableAt + rowsARun
    this.#rowsAt = this.#scoresAt + rowsARun * 4
    kernel.reserve(this.#rowsAt)
  }

  /** Number of rows that hold a vector. */
  get size(): number {
    return this.#size
  }

  has(slot: number): boolean {
    return this.#held[slot] === 1
  }

  /** Puts a vector of `dimensions` numbers into a row. Throws RangeError on another length. */
  set(slot: number, vector: ArrayLike<number>): void {
    if (vector.length !== this.dimensions) throw new RangeError(`a vector of ${vector.length} numbers in a table of ${this.dimensions}`)
    if (slot >= this.#held.length) this.#grow(slot + 1)
    this.#row(slot).set(vector)
    if (this.#held[slot] === 1) return
    this.#held[slot] = 1
    this.#size++
    this.#end = Math.max(this.#end, slot + 1)
  }

  delete(slot: number): void {
    if (this.#held[slot] !== 1) return
    this.#held[slot] = 0
    this.#size--
  }

  /** A copy of a row, or null when it is empty. */
  get(slot: number): Float32Array | null {
    return this.has(slot) ? this.#row(slot).slice() : null
  }

  /** The dot product of a query with one row, or null when it is empty. */
  score(query: Float32Array, slot: number): number | null {
    if (!this.has(slot)) return null
    const row = this.#row(slot)
    let sum = 0
    for (let at = 0; at < row.length; at++) sum += row[at]! * query[at]!
    return sum
  }

  /** The `count` best rows among those that may be read and reach `minimum`, best first; of equal ones those in lower slots. */
  nearest(query: ArrayLike<number>, count: number, minimum: number, readable: SlotMask): { slot: number; score: number }[] {
    if (query.length !== this.dimensions) throw new RangeError(`a query of ${query.length} numbers in a table of ${this.dimensions}`)
    const best: { slot: number; score: number }[] = []
    if (count < 1) return best
    const { memory } = this.#kernel
    new Float32Array(memory, 0, this.dimensions).set(query)
    const held = new Uint8Array(memory, this.#heldAt, rowsARun)
    const mask = new Uint8Array(memory, this.#readableAt, rowsARun)
    const scores = new Float32Array(memory, this.#scoresAt, rowsARun)
    const end = Math.min(this.#end, readable.length)
    // An empty or forbidden row scores -Infinity and is never found, whatever the minimum.
    let least = Math.max(minimum, -Number.MAX_VALUE)
    for (let from = 0; from < end; from += rowsARun) {
      const rows = Math.min(rowsARun, end - from)
      held.set(this.#held.subarray(from, from + rows))
      mask.set(readable.subarray(from, from + rows))
      const runBest = this.#kernel.scoreRows({
        row: this.#rowsAt + from * this.#stride,
        rows,
        stride: this.#stride,
        query: 0,
        held: this.#heldAt,
        readable: this.#readableAt,
        scores: this.#scoresAt,
      })
      if (!(runBest >= least)) continue
      for (let at = 0; at < rows; at++) {
        const score = scores[at] ?? -Infinity
        if (!(score >= least) || (best.length === count && score === least)) continue
        insert(best, { slot: from + at, score })
        if (best.length > count) best.pop()
        if (best.length === count) least = best[count - 1]?.score ?? least
      }
    }
    return best
  }

  #row(slot: number): Float32Array {
    return new Float32Array(this.#kernel.memory, this.#rowsAt + slot * this.#stride, this.dimensions)
  }

  #grow(rows: number): void {
    const capacity = Math.max(rows, 256, Math.ceil(this.#held.length * 1.5))
    this.#kernel.reserve(this.#rowsAt + capacity * this.#stride)
    const larger = new Uint8Array(capacity)
    larger.set(this.#held)
    this.#held = larger
  }
}

/** Puts a row behind those with as good a score. */
function insert(best: { slot: number; score: number }[], row: { slot: number; score: number }): void {
  let low = 0
  let high = best.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((best[middle]?.score ?? -Infinity) >= row.score) low = middle + 1
    else high = middle
  }
  best.splice(low, 0, row)
}

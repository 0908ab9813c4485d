/** The additions of row-scores.wat in the same order and precision, for machines without SIMD in WebAssembly. */
import type { RowKernel, RowRun } from './row-kernel.js'

const single = Math.fround

export class ScalarRowKernel implements RowKernel {
  #memory = new ArrayBuffer(65_536)
  #floats = new Float32Array(this.#memory)
  #bytes = new Uint8Array(this.#memory)

  get memory(): ArrayBuffer {
    return this.#memory
  }

  reserve(bytes: number): void {
    if (bytes <= this.#memory.byteLength) return
    const larger = new ArrayBuffer(Math.ceil(bytes / 64) * 64)
    new Uint8Array(larger).set(this.#bytes)
    this.#memory = larger
    this.#floats = new Float32Array(larger)
    this.#bytes = new Uint8Array(larger)
  }

  scoreRows({ row, rows, stride, query, held, readable, scores }: RowRun): number {
    let best = -Infinity
    for (let at = 0; at < rows; at++) {
      const counts = this.#bytes[held + at] === 1 && this.#bytes[readable + at] === 1
      const score = counts ? this.#dot((row + at * stride) / 4, query / 4, stride / 4) : -Infinity
      this.#floats[scores / 4 + at] = score
      if (score > best) best = score
    }
    return best
  }

  /** Sixteen sums, one a lane of the four vectors, then the lanes from left to right. Every index lies within the memory. */
  #dot(row: number, query: number, length: number): number {
    const floats = this.#floats
    let a0 = 0, a1 = 0, a2 = 0, a3 = 0
    let b0 = 0, b1 = 0, b2 = 0, b3 = 0
    let c0 = 0, c1 = 0, c2 = 0, c3 = 0
    let d0 = 0, d1 = 0, d2 = 0, d3 = 0
    for (let at = 0; at < length; at += 16) {
      const r = row + at
      const q = query + at
      a0 = single(a0 + single(floats[q]! * floats[r]!))
      a1 = single(a1 + single(floats[q + 1]! * floats[r + 1]!))
      a2 = single(a2 + single(floats[q + 2]! * floats[r + 2]!))
      a3 = single(a3 + single(floats[q + 3]! * floats[r + 3]!))
      b0 = single(b0 + single(floats[q + 4]! * floats[r + 4]!))
      b1 = single(b1 + single(floats[q + 5]! * floats[r + 5]!))
      b2 = single(b2 + single(floats[q + 6]! * floats[r + 6]!))
      b3 = single(b3 + single(floats[q + 7]! * floats[r + 7]!))
      c0 = single(c0 + single(floats[q + 8]! * floats[r + 8]!))
      c1 = single(c1 + single(floats[q + 9]! * floats[r + 9]!))
      c2 = single(c2 + single(floats[q + 10]! * floats[r + 10]!))
      c3 = single(c3 + single(floats[q + 11]! * floats[r + 11]!))
      d0 = single(d0 + single(floats[q + 12]! * floats[r + 12]!))
      d1 = single(d1 + single(floats[q + 13]! * floats[r + 13]!))
      d2 = single(d2 + single(floats[q + 14]! * floats[r + 14]!))
      d3 = single(d3 + single(floats[q + 15]! * floats[r + 15]!))
    }
    const lane0 = single(single(a0 + b0) + single(c0 + d0))
    const lane1 = single(single(a1 + b1) + single(c1 + d1))
    const lane2 = single(single(a2 + b2) + single(c2 + d2))
    const lane3 = single(single(a3 + b3) + single(c3 + d3))
    return single(single(lane0 + lane1) + single(lane2 + lane3))
  }
}

/** What computes the dot products of a query with stored rows: WebAssembly with SIMD, or plain TypeScript where that is missing. */
import { ScalarRowKernel } from './scalar-row-kernel.js'
import { WasmRowKernel } from './wasm-row-kernel.js'

/** A run of rows to score. Every field but the counts is a byte offset in the kernel's memory. */
export interface RowRun {
  /** The first row; the others follow it. A multiple of 4. */
  row: number
  /** Number of rows. */
  rows: number
  /** Bytes from one row to the next, a multiple of 64; zeros fill a vector up to it. */
  stride: number
  /** The query, `stride` bytes, filled up likewise. A multiple of 4. */
  query: number
  /** One byte a row: 1 where the row holds a vector, else 0. */
  held: number
  /** One byte a row: 1 where the row may be found, else 0. */
  readable: number
  /** Where one float32 a row is written: the dot product, or -Infinity for a row that does not count. A multiple of 4. */
  scores: number
}

export interface RowKernel {
  /** All of its memory. Another object after `reserve`. */
  readonly memory: ArrayBuffer
  /** Makes the memory at least this long, keeping its content; what is new is zero. Throws RangeError when there is not so much. */
  reserve(bytes: number): void
  /** Scores a run of rows and gives the best score, -Infinity when no row counts. A NaN is never the best. */
  scoreRows(run: RowRun): number
}

/** The quickest kernel that this machine can run; all give the same bits. */
export function createRowKernel(): RowKernel {
  if (!WasmRowKernel.isSupported()) return new ScalarRowKernel()
  try {
    return new WasmRowKernel()
  } catch {
    // The runtime sets gigabytes of addresses aside for such a memory; a system that bounds them gives none.
    return new ScalarRowKernel()
  }
}

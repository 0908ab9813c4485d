/** The kernel of row-scores.wat. */
import { rowScoresBytes } from './row-scores-bytes.js'
import type { RowKernel, RowRun } from './row-kernel.js'

const pageBytes = 65_536
/** 4 GB, the most that 32-bit addresses reach: 2.7 million rows of 384 numbers. */
const mostPages = 65_536

type ScoreRows = (row: number, rows: number, stride: number, query: number, held: number, readable: number, scores: number) => number

export class WasmRowKernel implements RowKernel {
  readonly #memory: WebAssembly.Memory
  readonly #scoreRows: ScoreRows

  constructor(memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages })) {
    this.#memory = memory
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(rowScoresBytes()), { kernel: { memory: this.#memory } })
    this.#scoreRows = exports['score_rows'] as ScoreRows
  }

  /** Whether this machine and runtime have WebAssembly with SIMD. */
  static isSupported(): boolean {
    return typeof WebAssembly === 'object' && WebAssembly.validate(rowScoresBytes())
  }

  get memory(): ArrayBuffer {
    return this.#memory.buffer
  }

  reserve(bytes: number): void {
    const missing = Math.ceil(bytes / pageBytes) - this.#memory.buffer.byteLength / pageBytes
    if (missing > 0) this.#memory.grow(missing)
  }

  scoreRows({ row, rows, stride, query, held, readable, scores }: RowRun): number {
    return this.#scoreRows(row, rows, stride, query, held, readable, scores)
  }
}

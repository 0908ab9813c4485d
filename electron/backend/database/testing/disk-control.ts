/**
 * A disk whose operations are counted and can be made to fail, driven from outside the database thread over shared memory.
 */
import type { Disk } from '../disk.js'
import { realDisk } from '../disk.js'

export type DiskOperation = 'write' | 'syncFile' | 'syncFolder'
export type DiskFailureCode = 'EIO' | 'ENOSPC'

const operations: readonly DiskOperation[] = ['write', 'syncFile', 'syncFolder']
const codes: readonly DiskFailureCode[] = ['EIO', 'ENOSPC']

/** Cells of the shared memory: the count of each operation, then what is to fail. */
const cell = { write: 0, syncFile: 1, syncFolder: 2, failing: 3, left: 4, code: 5, shortWrites: 6 } as const
const cells = 7
/** The value of `failing` that stands for any operation, whichever comes. */
const anyOperation = operations.length + 1

export class DiskControl {
  /** Goes to the thread's worker data as `disk`. */
  readonly memory: SharedArrayBuffer
  readonly #cells: Int32Array

  constructor(memory = new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#cells = new Int32Array(memory)
  }

  /** How often the operation was asked for. */
  count(operation: DiskOperation): number {
    return Atomics.load(this.#cells, cell[operation])
  }

  /** All operations together. */
  get total(): number {
    return operations.reduce((sum, operation) => sum + this.count(operation), 0)
  }

  /** Makes the n-th operation from now (1 is the next) and every later one fail. */
  failAt(position: number, operation: DiskOperation | 'any', code: DiskFailureCode): void {
    Atomics.store(this.#cells, cell.code, codes.indexOf(code))
    Atomics.store(this.#cells, cell.left, position)
    Atomics.store(this.#cells, cell.failing, operation === 'any' ? anyOperation : operations.indexOf(operation) + 1)
  }

  /** Makes every write take at most this many bytes; 0 takes all of them. */
  shortenWrites(bytes: number): void {
    Atomics.store(this.#cells, cell.shortWrites, bytes)
  }

  /** The disk itself; made in the database thread. */
  disk(): Disk {
    return {
      write: (descriptor, bytes, position) => {
        this.#pass('write')
        const limit = Atomics.load(this.#cells, cell.shortWrites)
        return realDisk.write(descriptor, limit > 0 ? bytes.subarray(0, limit) : bytes, position)
      },
      syncFile: (descriptor) => {
        this.#pass('syncFile')
        realDisk.syncFile(descriptor)
      },
      syncFolder: (path) => {
        this.#pass('syncFolder')
        realDisk.syncFolder(path)
      },
    }
  }

  #pass(operation: DiskOperation): void {
    Atomics.add(this.#cells, cell[operation], 1)
    const failing = Atomics.load(this.#cells, cell.failing)
    if (failing !== anyOperation && failing !== operations.indexOf(operation) + 1) return
    if (Atomics.sub(this.#cells, cell.left, 1) > 1) return
    const code = codes[Atomics.load(this.#cells, cell.code)] ?? 'EIO'
    throw Object.assign(new Error(`${code}: made to fail, ${operation}`), { code })
  }
}

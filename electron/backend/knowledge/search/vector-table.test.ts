import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { compileKernel } from '../../../tools/kernel.mjs'
import { createRowKernel, type RowKernel } from './kernel/row-kernel.js'
import { ScalarRowKernel } from './kernel/scalar-row-kernel.js'
import { WasmRowKernel } from './kernel/wasm-row-kernel.js'
import { VectorTable } from './vector-table.js'

const kernels: [string, () => RowKernel][] = [
  ['WebAssembly', () => new WasmRowKernel()],
  ['TypeScript', () => new ScalarRowKernel()],
]
const everything = new Uint8Array(4096).fill(1)

/** What a search has to give, said as simply as can be: every row's dot product in double precision, sorted. */
function byDefinition(rows: readonly (Float32Array | null)[], query: Float32Array, count: number, minimum: number, readable: Uint8Array): { slot: number; score: number }[] {
  return rows
    .flatMap((row, slot) => (row && readable[slot] === 1 ? [{ slot, score: row.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0) }] : []))
    .filter(({ score }) => score >= minimum)
    .sort((one, other) => other.score - one.score || one.slot - other.slot)
    .slice(0, count)
}

/** Small whole numbers make equal scores common and every sum exact, whatever its order. */
const wholeNumber = fc.integer({ min: -3, max: 3 })
const table = (component: fc.Arbitrary<number>) =>
  fc.record({ dimensions: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 100, 384)), slots: fc.integer({ min: 0, max: 60 }), count: fc.integer({ min: 0, max: 70 }) }).chain(({ dimensions, slots, count }) => {
    const vector = fc.array(component, { minLength: dimensions, maxLength: dimensions }).map((numbers) => Float32Array.from(numbers))
    return fc.record({
      dimensions: fc.constant(dimensions),
      count: fc.constant(count),
      rows: fc.array(fc.option(vector, { freq: 5 }), { minLength: slots, maxLength: slots }),
      readable: fc.uint8Array({ min: 0, max: 1, maxLength: slots + 5 }),
      query: vector,
      minimum: fc.constantFrom(-Infinity, 0, 2),
    })
  })

function filled(dimensions: number, rows: readonly (Float32Array | null)[], kernel: RowKernel): VectorTable {
  const made = new VectorTable(dimensions, kernel)
  // Every row is written and the empty ones taken away again, so that what a row held before is still in the memory.
  rows.forEach((row, slot) => made.set(slot, row ?? new Float32Array(dimensions).fill(9)))
  rows.forEach((row, slot) => row ?? made.delete(slot))
  return made
}

describe.each(kernels)('VectorTable with the %s kernel', (_name, createKernel) => {
  it('finds exactly the best rows, ties by slot, whatever is empty or forbidden', () => {
    fc.assert(
      fc.property(table(wholeNumber), ({ dimensions, rows, count, readable, query, minimum }) => {
        const made = filled(dimensions, rows, createKernel())
        expect(made.nearest(query, count, minimum, readable)).toEqual(byDefinition(rows, query, count, minimum, readable))
        expect(made.size).toBe(rows.filter((row) => row !== null).length)
      }),
      { numRuns: 150 },
    )
  })

  it('searches across many runs of the kernel, after rows were removed and their slots used again', () => {
    const made = new VectorTable(4, createKernel())
    const rows = Array.from({ length: 3000 }, (_, slot) => Float32Array.of((slot * 7919) % 1000, 1, 0, 0))
    rows.forEach((row, slot) => made.set(slot, row))
    for (let slot = 0; slot < 3000; slot += 2) made.delete(slot)
    const held = rows.map((row, slot) => (slot % 4 === 0 ? Float32Array.of(5000 + slot, 0, 0, 0) : slot % 2 === 0 ? null : row))
    held.forEach((row, slot) => (slot % 4 === 0 && row ? made.set(slot, row) : undefined))
    const query = Float32Array.of(1, 0, 0, 0)
    expect(made.nearest(query, 1700, -Infinity, everything)).toEqual(byDefinition(held, query, 1700, -Infinity, everything))
    expect(made.nearest(query, 10, 7990, everything).map(({ slot }) => slot)).toEqual([2996, 2992])
  })

  it('finds nothing in an empty table, for no readable row, and for a query of NaN', () => {
    const made = new VectorTable(3, createKernel())
    expect(made.nearest([1, 0, 0], 5, -Infinity, everything)).toEqual([])
    made.set(2, [1, 2, 3])
    expect(made.nearest([1, 0, 0], 5, -Infinity, new Uint8Array(3))).toEqual([])
    expect(made.nearest([1, 0, 0], 5, -Infinity, new Uint8Array(0))).toEqual([])
    expect(made.nearest([NaN, 0, 0], 5, -Infinity, everything)).toEqual([])
    expect(made.nearest([1, 0, 0], 5, -Infinity, everything)).toEqual([{ slot: 2, score: 1 }])
  })

  it('refuses a vector and a query of another length', () => {
    const made = new VectorTable(4, createKernel())
    expect(() => made.set(2, [1, 2, 3])).toThrow(RangeError)
    expect(() => made.nearest([1, 2, 3], 1, 0, everything)).toThrow(RangeError)
    expect(made.get(2)).toBeNull()
    expect(made.has(2)).toBe(false)
  })

  it('scores one row by itself', () => {
    const made = new VectorTable(3, createKernel())
    made.set(1, [1, 2, 3])
    expect(made.score(Float32Array.of(4, 5, 6), 1)).toBe(32)
    expect(made.score(Float32Array.of(4, 5, 6), 0)).toBeNull()
  })

  it('gives copies of its rows', () => {
    const made = new VectorTable(3, createKernel())
    made.set(0, [1, 2, 3])
    const copy = made.get(0)
    copy?.fill(7)
    expect(made.get(0)).toEqual(Float32Array.of(1, 2, 3))
  })
})

describe('row kernels', () => {
  it('give the same bits for any numbers', () => {
    const anyNumber = fc.float({ noDefaultInfinity: true })
    fc.assert(
      fc.property(table(anyNumber), ({ dimensions, rows, count, readable, query, minimum }) => {
        const [one, other] = kernels.map(([, createKernel]) => filled(dimensions, rows, createKernel()).nearest(query, count, minimum, readable))
        expect(one).toEqual(other)
      }),
      { numRuns: 150 },
    )
  })

  it('agree with double precision to seven digits on unit vectors of 384 numbers', () => {
    let seed = 7
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5
    const unit = (): Float32Array => {
      const vector = Float32Array.from({ length: 384 }, random)
      const length = Math.hypot(...vector)
      return vector.map((value) => value / length)
    }
    const rows = Array.from({ length: 500 }, unit)
    const query = unit()
    const expected = byDefinition(rows, query, 500, -Infinity, everything)
    const found = filled(384, rows, createRowKernel()).nearest(query, 500, -Infinity, everything)
    const exact = new Map(expected.map(({ slot, score }) => [slot, score]))
    for (const { slot, score } of found) expect(Math.abs(score - (exact.get(slot) ?? NaN))).toBeLessThan(1e-7)
    expect(found).toHaveLength(500)
  })

  it('are the WebAssembly one wherever it runs, and the other where it does not', () => {
    expect(WasmRowKernel.isSupported()).toBe(true)
    expect(createRowKernel()).toBeInstanceOf(WasmRowKernel)
    vi.stubGlobal('WebAssembly', { validate: () => false })
    expect(createRowKernel()).toBeInstanceOf(ScalarRowKernel)
    vi.stubGlobal('WebAssembly', undefined)
    expect(createRowKernel()).toBeInstanceOf(ScalarRowKernel)
    vi.unstubAllGlobals()
    const memory = vi.spyOn(WebAssembly, 'Memory').mockImplementation(() => {
      throw new RangeError('could not allocate memory')
    })
    expect(createRowKernel()).toBeInstanceOf(ScalarRowKernel)
    memory.mockRestore()
  })

  it('hold the bytes of the text under review', async () => {
    expect(await readFile(join(import.meta.dirname, 'kernel', 'row-scores-bytes.ts'), 'utf8')).toBe(await compileKernel())
  })
})

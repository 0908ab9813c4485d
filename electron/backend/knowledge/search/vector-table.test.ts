import { describe, expect, it } from 'vitest'
import { VectorTable } from './vector-table.js'

const everything = (): boolean => true

describe('VectorTable', () => {
  it('finds the same rows as sorting every dot product, also after it grew and rows were removed', () => {
    const dimensions = 22
    const table = new VectorTable(dimensions)
    let seed = 7
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5
    const vector = (): Float32Array => Float32Array.from({ length: dimensions }, random)
    const rows = Array.from({ length: 900 }, vector)
    rows.forEach((row, slot) => table.set(slot, row))
    for (let slot = 0; slot < 900; slot += 3) table.delete(slot)
    const query = vector()
    const dot = (row: Float32Array): number => row.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0)
    const expected = rows
      .map((row, slot) => ({ slot, score: dot(row) }))
      .filter(({ slot }) => slot % 3 !== 0 && slot % 2 === 0)
      .sort((one, other) => other.score - one.score)
      .slice(0, 12)
    const found = table.nearest(query, 12, -Infinity, (slot) => slot % 2 === 0)
    expect(found.map(({ slot }) => slot)).toEqual(expected.map(({ slot }) => slot))
    found.forEach(({ score }, at) => expect(score).toBeCloseTo(expected[at]?.score ?? NaN, 5))
    expect(table.size).toBe(600)
  })

  it('leaves out what is under the minimum, and refuses a vector of another length', () => {
    const table = new VectorTable(4)
    table.set(0, [1, 0, 0, 0])
    table.set(1, [0, 1, 0, 0])
    expect(table.nearest(Float32Array.of(1, 0, 0, 0), 5, 0.5, everything)).toEqual([{ slot: 0, score: 1 }])
    expect(() => table.set(2, [1, 2, 3])).toThrow(RangeError)
    expect(table.get(1)).toEqual(Float32Array.of(0, 1, 0, 0))
    expect(table.get(2)).toBeNull()
  })
})

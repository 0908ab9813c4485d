import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LocalIndex, ProtobufCodec } from 'vectra'
import { readVectraIndex } from './vectra-reader.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vectra-reader-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function written(items: readonly { id: string; contentHash: string; vector: Float32Array }[]): Promise<Buffer> {
  const index = new LocalIndex(folder, 'index.pb', undefined, new ProtobufCodec())
  await index.createIndex({ version: 1, deleteIfExists: true })
  await index.batchInsertItems(items.map(({ id, contentHash, vector }) => ({ id, vector: [...vector], metadata: { other: 7, content_hash: contentHash, last: true } })))
  return readFile(join(folder, 'index.pb'))
}

describe('readVectraIndex', () => {
  it('reads what Vectra writes and reads, item for item', async () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true })
    const indexes = fc.integer({ min: 1, max: 80 }).chain((dimensions) =>
      fc.record({
        dimensions: fc.constant(dimensions),
        items: fc.uniqueArray(
          fc.record({ id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), contentHash: fc.string({ unit: 'grapheme', minLength: 1 }), vector: fc.array(float, { minLength: dimensions, maxLength: dimensions }).map((numbers) => Float32Array.from(numbers)) }),
          { selector: ({ id }) => id, maxLength: 12 },
        ),
      }),
    )
    await fc.assert(
      fc.asyncProperty(indexes, async ({ dimensions, items }) => {
        const bytes = await written(items)
        const read = readVectraIndex(bytes, dimensions)
        expect(read.ids).toEqual(items.map(({ id }) => id))
        expect(read.contentHashes).toEqual(items.map(({ contentHash }) => contentHash))
        expect(read.vectors).toEqual(Float32Array.from(items.flatMap(({ vector }) => [...vector])))
        const room = new Float32Array(items.length * dimensions + 3).fill(9)
        expect(readVectraIndex(bytes, dimensions, room)).toEqual(read)
        expect([...room.subarray(items.length * dimensions)]).toEqual([9, 9, 9])
        const byVectra = new ProtobufCodec().deserializeIndex(bytes)
        expect(byVectra.items.map(({ id, metadata }) => [id, metadata['content_hash']])).toEqual(items.map(({ id, contentHash }) => [id, contentHash]))
        expect(Float32Array.from(byVectra.items.flatMap(({ vector }) => vector))).toEqual(read.vectors)
      }),
      { numRuns: 40 },
    )
  })

  it('refuses a cut file, other dimensions and an item that is not ours', async () => {
    const vector = Float32Array.of(1, 2, 3, 4)
    const bytes = await written([{ id: 'one', contentHash: 'h', vector }, { id: 'two', contentHash: 'h', vector }])
    expect(readVectraIndex(bytes, 4).ids).toEqual(['one', 'two'])
    expect(() => readVectraIndex(bytes, 3)).toThrow(RangeError)
    for (const length of [bytes.length - 1, bytes.length - 30, 20, 5]) expect(() => readVectraIndex(bytes.subarray(0, length), 4)).toThrow()
    expect(() => readVectraIndex(Buffer.from('not an index at all'), 4)).toThrow()
    expect(readVectraIndex(Buffer.alloc(0), 4).ids).toEqual([])
    const foreign = new ProtobufCodec().serializeIndex({ version: 1, metadata_config: {}, items: [{ id: 'foreign', vector: [...vector], norm: 1, metadata: { other: 'h' } }] })
    expect(() => readVectraIndex(foreign, 4)).toThrow()
  })
})

import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LocalIndex, ProtobufCodec } from 'vectra'
import { ClinicalIndex, type ClinicalIndexItem, type ClinicalIndexState } from './clinical-index.js'
import { IndexWriter } from './index-writer.js'

let root: string
/** One for all: each takes a second to load Vectra. */
const writer = new IndexWriter()
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'clinical-index-'))
})
afterAll(async () => {
  await writer.close()
  await rm(root, { recursive: true })
})

const item = (id: number, contentHash = `h${id}`): ClinicalIndexItem => ({ passageId: `p${id}`, contentHash, vector: Float32Array.from({ length: 32 }, (_, at) => Math.sin(id * 32 + at)) })
const items = (from: number, to: number): ClinicalIndexItem[] => Array.from({ length: to - from }, (_, at) => item(from + at))
const idsOf = (list: readonly ClinicalIndexItem[]): string[] => list.map(({ passageId }) => passageId).sort()

function open(folder: string, options: { model?: string; dimensions?: number } = {}): ClinicalIndex {
  return new ClinicalIndex({ folder, model: 'test-model', dimensions: 32, segmentItems: 20, writer, ...options })
}

async function loaded(index: ClinicalIndex, wanted: (item: ClinicalIndexItem) => boolean = () => true): Promise<{ state: ClinicalIndexState; items: ClinicalIndexItem[] }> {
  const kept: ClinicalIndexItem[] = []
  const state = await index.load((found) => wanted(found) && kept.push({ ...found, vector: found.vector.slice() }) > 0)
  return { state, items: kept }
}

async function written(name: string, count = 50): Promise<string> {
  const folder = join(root, name)
  await open(folder).write({ remove: [], add: items(0, count) })
  return folder
}

/** What Vectra itself finds in every segment. */
async function readByVectra(folder: string): Promise<Map<string, string>[]> {
  const segments = (await readdir(folder)).sort()
  return Promise.all(
    segments.map(async (segment) => {
      const found = await new LocalIndex(join(folder, segment), 'index.pb', undefined, new ProtobufCodec()).listItems()
      return new Map(found.map(({ id, metadata }) => [id, String(metadata['content_hash'])]))
    }),
  )
}

describe('ClinicalIndex', () => {
  it('gives back exactly what was written, through additions, replacements and removals', async () => {
    const folder = await written('round-trip')
    const index = open(folder)
    await loaded(index)
    await index.write({ remove: ['p3', 'p4', 'unknown'], add: [...items(50, 65), item(7, 'changed')] })
    const { state, items: found } = await loaded(open(folder))
    expect(state).toBe('valid')
    expect(idsOf(found)).toEqual(idsOf([...items(0, 3), ...items(5, 65)]))
    for (const { passageId, contentHash, vector } of found) {
      const number = Number(passageId.slice(1))
      expect(contentHash).toBe(number === 7 ? 'changed' : `h${number}`)
      expect(Float32Array.from(vector)).toEqual(item(number).vector)
    }
  })

  it('is made of Vectra indexes of a bounded size, and writes only those that change', async () => {
    const folder = await written('segments')
    const segments = await readByVectra(folder)
    expect(segments.map((segment) => segment.size)).toEqual([20, 20, 10])
    expect(segments[1]?.get('p25')).toBe('h25')
    const contents = (): Promise<Buffer[]> => Promise.all([0, 1, 2].map((number) => readFile(join(folder, `segment-000${number}`, 'index.pb'))))
    const before = await contents()
    const index = open(folder)
    await loaded(index)
    await index.write({ remove: ['p25'], add: [] })
    const after = await contents()
    expect(after.map((content, number) => content.equals(before[number] ?? Buffer.alloc(0)))).toEqual([true, false, true])
    await index.write({ remove: [], add: items(50, 61) })
    expect((await readByVectra(folder)).map((segment) => segment.size)).toEqual([20, 20, 20])
  })

  it('takes away with the next write what was found and not wanted', async () => {
    const folder = await written('unwanted')
    const index = open(folder)
    const { items: kept } = await loaded(index, ({ passageId }) => passageId !== 'p5' && passageId !== 'p45')
    expect(kept).toHaveLength(48)
    expect(index.hasUnwanted).toBe(true)
    await index.write({ remove: [], add: [] })
    expect(index.hasUnwanted).toBe(false)
    expect((await readByVectra(folder)).map((segment) => segment.size)).toEqual([19, 20, 9])
  })

  it('loses nothing of writes that are asked for at the same time', async () => {
    const folder = await written('concurrent', 1)
    const index = open(folder)
    await loaded(index)
    await Promise.all(Array.from({ length: 12 }, (_, at) => index.write({ remove: [], add: items(1 + at * 5, 6 + at * 5) })))
    expect((await loaded(open(folder))).items).toHaveLength(61)
  })

  it('says when a write failed and goes on after it', async () => {
    const folder = join(root, 'failed-write')
    const index = open(folder)
    await index.write({ remove: [], add: items(0, 20) })
    // A folder stands where the next segment's file would be.
    await mkdir(join(folder, 'segment-0001', 'index.pb'), { recursive: true })
    await expect(index.write({ remove: [], add: [item(21)] })).rejects.toThrow('not written')
    await rm(join(folder, 'segment-0001'), { recursive: true })
    await index.write({ remove: [], add: [item(21)] })
    expect(idsOf((await loaded(open(folder))).items)).toEqual(idsOf([...items(0, 20), item(21)]))
  })

  it('starts its thread anew after it ended', async () => {
    const own = new IndexWriter()
    const index = new ClinicalIndex({ folder: join(root, 'ended-thread'), model: 'test-model', dimensions: 32, writer: own })
    const writing = index.write({ remove: [], add: items(0, 5) })
    await new Promise(setImmediate)
    await own.close()
    await expect(writing).rejects.toThrow('not written')
    await index.write({ remove: [], add: items(0, 5) })
    await index.close()
    expect((await loaded(open(join(root, 'ended-thread')))).items).toHaveLength(5)
  })

  it('is missing where nothing was written', async () => {
    expect(await loaded(open(join(root, 'nowhere')))).toEqual({ state: 'missing', items: [] })
  })

  it.each([
    ['a flipped byte', async (segment: string) => {
      const bytes = await readFile(join(segment, 'index.pb'))
      bytes[200] = (bytes[200] ?? 0) ^ 0xff
      await writeFile(join(segment, 'index.pb'), bytes)
    }],
    ['a cut file', (segment: string) => truncate(join(segment, 'index.pb'), 1000)],
    ['an empty file', (segment: string) => writeFile(join(segment, 'index.pb'), '')],
    ['a missing seal', (segment: string) => rm(join(segment, 'seal.json'))],
    ['a torn seal', (segment: string) => writeFile(join(segment, 'seal.json'), '{"format":2')],
    ['another segment under its seal', async (segment: string) => {
      const other = await written('other', 5)
      await cp(join(other, 'segment-0000', 'index.pb'), join(segment, 'index.pb'))
    }],
  ])('does not use a segment with %s, keeps the others, and writes it anew', async (name, damage) => {
    const folder = await written(`damaged ${name}`)
    await damage(join(folder, 'segment-0001'))
    const index = open(folder)
    const { state, items: found } = await loaded(index)
    expect(state).toBe('damaged')
    expect(idsOf(found)).toEqual(idsOf([...items(0, 20), ...items(40, 50)]))
    await index.write({ remove: [], add: items(20, 40) })
    expect(await loaded(open(folder))).toMatchObject({ state: 'valid', items: { length: 50 } })
  })

  it('has nothing of a segment whose first write was cut off', async () => {
    const folder = await written('cut off', 25)
    await rm(join(folder, 'segment-0001', 'index.pb'))
    await mkdir(join(folder, 'segment-0002'))
    const index = open(folder)
    expect(await loaded(index)).toMatchObject({ state: 'valid', items: { length: 20 } })
    expect(await readdir(folder)).toEqual(['segment-0000'])
  })

  it('does not use another model’s index or one of other dimensions', async () => {
    const [one, other] = [await written('other-model'), await written('other-dimensions')]
    expect(await loaded(open(one, { model: 'another-model' }))).toEqual({ state: 'damaged', items: [] })
    expect(await loaded(open(other, { dimensions: 64 }))).toEqual({ state: 'damaged', items: [] })
  })

  it('after a kill at any moment holds every write that was acknowledged, and every segment whole', async () => {
    const killOnce = async (kill: number): Promise<void> => {
      const folder = join(root, `killed-${kill}`)
      const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'write-index.fixture.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] })
      let output = ''
      const rounds = (): number => output.split('\n').filter((line) => line.startsWith('written ')).length
      await new Promise<void>((resolve) => {
        child.once('close', () => resolve())
        child.stdout.on('data', (chunk: Buffer) => {
          output += chunk.toString()
          // A few turns into the next write, another number of them every time.
          if (rounds() < 2 + kill) return
          let turns = kill * 7
          const wait = (): void => void (turns-- > 0 ? setImmediate(wait) : child.kill('SIGKILL'))
          wait()
        })
      })
      const { state, items: found } = await loaded(open(folder))
      expect(state).toBe('valid')
      expect(idsOf(found)).toEqual(expect.arrayContaining(idsOf(items(0, rounds() * 40))))
      for (const segment of await readdir(folder)) expect((await readdir(join(folder, segment))).sort()).toEqual(['index.pb', 'seal.json'])
    }
    const outcomes = await Promise.allSettled([0, 1, 2].map(killOnce))
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : null))).toEqual([null, null, null])
  })
})

import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClinicalIndex } from './clinical-index.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'clinical-index-'))
})
afterAll(() => rm(root, { recursive: true }))

const model = 'test-model'
const item = (id: number) => ({ passageId: `p${id}`, contentHash: `h${id}`, vector: Float32Array.from({ length: 32 }, (_, at) => Math.sin(id * 32 + at)) })
const items = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => item(from + at))

async function written(name: string, count = 20): Promise<string> {
  const folder = join(root, name)
  await new ClinicalIndex(folder, model, 32).write({ remove: [], add: items(0, count), fresh: true })
  return folder
}

describe('ClinicalIndex', () => {
  it('gives back exactly what was written, through additions and removals', async () => {
    const folder = await written('round-trip')
    const index = new ClinicalIndex(folder, model, 32)
    await index.write({ remove: ['p3', 'p4', 'unknown'], add: items(20, 25), fresh: false })
    const loaded = await new ClinicalIndex(folder, model, 32).load()
    expect(loaded.state).toBe('valid')
    expect(loaded.items.map(({ passageId }) => passageId).sort()).toEqual([...items(0, 3), ...items(5, 25)].map(({ passageId }) => passageId).sort())
    for (const { passageId, contentHash, vector } of loaded.items) {
      const expected = item(Number(passageId.slice(1)))
      expect(contentHash).toBe(expected.contentHash)
      expect(Float32Array.from(vector)).toEqual(expected.vector)
    }
  })

  it('loses nothing of writes that are asked for at the same time', async () => {
    const folder = await written('concurrent', 1)
    const index = new ClinicalIndex(folder, model, 32)
    await Promise.all(Array.from({ length: 12 }, (_, at) => index.write({ remove: [], add: items(1 + at * 5, 6 + at * 5), fresh: false })))
    expect((await index.load()).items).toHaveLength(61)
  })

  it('goes on after a write that failed', async () => {
    const folder = await written('failed-write')
    const index = new ClinicalIndex(folder, model, 32)
    await expect(index.write({ remove: [], add: [item(1)], fresh: false })).rejects.toThrow('already exists')
    await index.write({ remove: [], add: [item(99)], fresh: false })
    expect((await index.load()).items).toHaveLength(21)
  })

  it('is missing where nothing was written', async () => {
    expect(await new ClinicalIndex(join(root, 'nowhere'), model, 32).load()).toEqual({ state: 'missing', items: [] })
  })

  it.each([
    ['a flipped byte', async (folder: string) => {
      const bytes = await readFile(join(folder, 'index.pb'))
      bytes[200] = (bytes[200] ?? 0) ^ 0xff
      await writeFile(join(folder, 'index.pb'), bytes)
    }],
    ['a cut file', (folder: string) => truncate(join(folder, 'index.pb'), 1000)],
    ['an empty file', (folder: string) => writeFile(join(folder, 'index.pb'), '')],
    ['a missing seal', (folder: string) => rm(join(folder, 'seal.json'))],
    ['a torn seal', (folder: string) => writeFile(join(folder, 'seal.json'), '{"format":1')],
    ['an older index under a newer seal', async (folder: string) => {
      const older = await written('older', 5)
      await cp(join(older, 'index.pb'), join(folder, 'index.pb'))
    }],
  ])('does not use an index with %s, and writes it anew', async (name, damage) => {
    const folder = await written(`damaged ${name}`)
    await damage(folder)
    const index = new ClinicalIndex(folder, model, 32)
    expect(await index.load()).toEqual({ state: 'damaged', items: [] })
    await index.write({ remove: [], add: items(0, 7), fresh: true })
    expect((await index.load()).items).toHaveLength(7)
  })

  it('does not use another model’s index or one of other dimensions', async () => {
    const folder = await written('other-model')
    expect((await new ClinicalIndex(folder, 'another-model', 32).load()).state).toBe('damaged')
    expect((await new ClinicalIndex(folder, model, 64).load()).state).toBe('damaged')
  })

  it('after a kill at any moment of a write is whole or known not to be, never short without a word', async () => {
    const killOnce = async (kill: number): Promise<void> => {
      const folder = join(root, `killed-${kill}`)
      const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'write-index.fixture.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] })
      const round = await new Promise<number>((resolve) => {
        let output = ''
        child.stdout.on('data', (chunk: Buffer) => {
          output += chunk.toString()
          const rounds = output.split('\n').filter((line) => line.startsWith('write '))
          if (rounds.length > 3 + kill * 2) {
            const current = rounds.length - 1
            child.once('exit', () => resolve(current))
            // A few turns into the write, another number of them every time.
            let turns = kill * 3
            const wait = (): void => void (turns-- > 0 ? setImmediate(wait) : child.kill('SIGKILL'))
            wait()
          }
        })
      })
      const { state, items: found } = await new ClinicalIndex(folder, model, 32).load()
      expect(['valid', 'damaged']).toContain(state)
      if (state === 'valid') expect([round * 40, (round + 1) * 40, (round + 2) * 40]).toContain(found.length)
      else expect(found).toEqual([])
      expect((await readdir(folder)).filter((name) => name.includes('.writing-'))).toEqual([])
    }
    await Promise.all([0, 1, 2].map(killOnce))
  })
})

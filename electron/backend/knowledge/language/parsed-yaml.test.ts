import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readYaml } from './parsed-yaml.js'

let folder: string
let file: string
let kept: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parsed-yaml-'))
  file = join(folder, 'words.yaml')
  kept = join(folder, 'kept')
  await writeFile(file, '- { say: [palu], gloss: malaria }\n')
})
afterEach(() => rm(folder, { recursive: true }))

const words = [{ say: ['palu'], gloss: 'malaria' }]

describe('readYaml', () => {
  it('gives what the file holds, and keeps it for the next time', async () => {
    expect(await readYaml(file, kept)).toEqual(words)
    const [name = ''] = await readdir(kept)
    // What is kept is what is read: shown by changing it.
    await writeFile(join(kept, name), '["kept"]')
    expect(await readYaml(file, kept)).toEqual(['kept'])
    expect(await readYaml(file, null)).toEqual(words)
  })

  it('reads a changed file anew and forgets the earlier one', async () => {
    await readYaml(file, kept)
    await writeFile(file, '- { say: [toux], gloss: cough }\n')
    expect(await readYaml(file, kept)).toEqual([{ say: ['toux'], gloss: 'cough' }])
    expect(await readdir(kept)).toHaveLength(1)
  })

  it('makes a damaged one again, and goes on where nothing can be kept', async () => {
    await readYaml(file, kept)
    const [name = ''] = await readdir(kept)
    await writeFile(join(kept, name), '{ damaged')
    expect(await readYaml(file, kept)).toEqual(words)
    expect(JSON.parse(await readFile(join(kept, name), 'utf8'))).toEqual(words)
    await writeFile(join(folder, 'a-file'), '')
    expect(await readYaml(file, join(folder, 'a-file', 'below'))).toEqual(words)
  })

  it('fails on what is not there or not YAML', async () => {
    await expect(readYaml(join(folder, 'nothing.yaml'), kept)).rejects.toThrow()
    await writeFile(file, 'a: [')
    await expect(readYaml(file, kept)).rejects.toThrow()
  })
})

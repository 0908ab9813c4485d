/**
 * Reads YAML with what it parses to kept beside the index: parsing a megabyte of it costs a second at every start, reading JSON a hundredth.
 * What was kept is used only for the very bytes that it was made from, and made again whenever it is missing or damaged.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { digest } from '../passages/digest.js'

/** What a YAML file holds. `cacheFolder` null parses each time. Throws what reading and parsing throw. */
export async function readYaml(file: string, cacheFolder: string | null): Promise<unknown> {
  const text = await readFile(file, 'utf8')
  if (cacheFolder === null) return parse(text)
  const name = basename(file, '.yaml')
  const kept = join(cacheFolder, `${name}-${digest(text).slice(0, 32)}.json`)
  try {
    return JSON.parse(await readFile(kept, 'utf8'))
  } catch {
    // Not kept yet, or damaged: it is made anew below.
  }
  const value: unknown = parse(text)
  await keep(cacheFolder, name, kept, JSON.stringify(value)).catch(() => undefined)
  return value
}

/** Writes a kept file whole and removes those of earlier contents. A folder that cannot be written costs time at the next start and nothing else. */
async function keep(folder: string, name: string, file: string, content: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const written = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}.new`
  await writeFile(written, content)
  await rename(written, file)
  const earlier = new RegExp(`^${name}-[0-9a-f]{32}\\.json$`)
  for (const other of await readdir(folder)) if (earlier.test(other) && join(folder, other) !== file) await rm(join(folder, other), { force: true })
}

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { modulesFolder } from './project.mjs'

const file = join(modulesFolder, '.carechat-setup.json')

/** What the set-up remembers between runs; it lies in node_modules, so that a fresh install forgets it. */
export async function readRecord() {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  return JSON.parse(text)
}

/** Merges these values into what is remembered. */
export async function updateRecord(values) {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify({ ...(await readRecord()), ...values }, null, 2))
}

/** Whether something that could not be had was tried for so recently (ms since the epoch in `at`) that trying again would only cost time. */
export function triedRecently(at) {
  return typeof at === 'number' && Date.now() - at < 24 * 60 * 60 * 1000
}

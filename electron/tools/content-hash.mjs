import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { projectFolder } from './project.mjs'

/**
 * SHA-256 over names and contents of the files under the given paths (files or folders; missing ones count as missing).
 * @param {string[]} paths relative to the project
 * @param {(path: string) => boolean} [include] which files count, by path relative to the project with forward slashes
 * @returns {Promise<string>} hexadecimal
 */
export async function contentHash(paths, include = () => true) {
  const files = (await Promise.all(paths.map((path) => filesUnder(join(projectFolder, path))))).flat()
  const named = files.map((file) => ({ file, name: relative(projectFolder, file).replaceAll('\\', '/') })).filter(({ name }) => include(name))
  named.sort((a, b) => (a.name < b.name ? -1 : 1))
  const contents = await Promise.all(named.map(({ file }) => readFile(file)))
  const hash = createHash('sha256')
  named.forEach(({ name }, index) => hash.update(`${name}\0${contents[index].length}\0`).update(contents[index]))
  return hash.digest('hex')
}

/** SHA-256 of one file, hexadecimal. */
export async function fileHash(file) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

async function filesUnder(path) {
  const entry = await stat(path).catch(() => null)
  if (!entry) return []
  if (entry.isFile()) return [path]
  const children = await readdir(path, { recursive: true, withFileTypes: true })
  return children.filter((child) => child.isFile()).map((child) => join(child.parentPath ?? child.path, child.name))
}

/**
 * `node electron/tools/kernel.mjs`: compiles the WebAssembly text of the retrieval kernel into a TypeScript module that holds the bytes, so that
 * tests and bundle need no file beside the code. The module is kept in git; a test compiles the text again and compares.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { isEntry, runEntry } from './entry.mjs'
import { inProject } from './project.mjs'

const folder = ['electron', 'backend', 'knowledge', 'search', 'kernel']
const source = inProject(...folder, 'row-scores.wat')
const compiled = inProject(...folder, 'row-scores-bytes.ts')

/** The TypeScript module for the kernel's text as it is now. Throws when the text does not compile. */
export async function compileKernel() {
  const { default: loadWabt } = await import('wabt')
  const module = (await loadWabt()).parseWat('row-scores.wat', await readFile(source, 'utf8'), { simd: true })
  try {
    const { buffer } = module.toBinary({})
    const base64 = Buffer.from(buffer).toString('base64').replace(/.{1,120}/g, (line) => `  '${line}',\n`)
    return `/** Made of row-scores.wat by electron/tools/kernel.mjs; do not edit. */
const base64 = [
${base64}].join('')

/** The compiled module. */
export function rowScoresBytes(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}
`
  } finally {
    module.destroy()
  }
}

/** Writes the module when the text has changed. */
export async function ensureKernel() {
  const content = await compileKernel()
  if ((await readFile(compiled, 'utf8').catch(() => null)) !== content) await writeFile(compiled, content)
}

if (isEntry(import.meta.url)) await runEntry(ensureKernel)

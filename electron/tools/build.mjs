/** `npm run build [-- --force]`: builds the targets whose sources changed. Each target is made in a folder of its own and swapped in whole. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentHash } from './content-hash.mjs'
import { isEntry, runEntry } from './entry.mjs'
import { ensureKernel } from './kernel.mjs'
import { distFolder, inProject, projectFolder } from './project.mjs'
import { runCommand } from './run-command.mjs'
import { step } from './step.mjs'

const common = ['vite.config.ts', 'tsconfig.json', 'package-lock.json', 'shared']
const source = (name) => !/\.test\.tsx?$/.test(name) && !name.includes('/fixtures/')

/** What is built, from which sources, into which folder of dist/; `prepare` makes sources out of others. */
const targets = [
  { name: 'main', modes: ['main', 'preload'], sources: ['electron/main', 'electron/backend/process-messages.ts'], output: 'main', result: 'main.js' },
  { name: 'backend', modes: ['backend'], sources: ['electron/backend'], output: 'backend', result: 'serve.js', prepare: ensureKernel },
  { name: 'renderer', modes: ['renderer'], sources: ['renderer'], output: 'renderer', result: 'index.html' },
]

/**
 * Makes dist/ match the sources.
 * @param {{ force?: boolean, only?: string[] }} [options] `only` names targets (`main`, `backend`, `renderer`, `prepared-database`)
 */
export async function ensureBuilt({ force = false, only } = {}) {
  const wanted = (name) => !only || only.includes(name)
  for (const target of targets.filter(({ name }) => wanted(name))) {
    const hash = () => contentHash([...common, ...target.sources], source)
    const current = existsSync(join(distFolder, target.output, target.result)) && (await readStamp(target.name)) === (await hash())
    if (current && !force) continue
    await target.prepare?.()
    const built = await hash()
    await step(`Building ${target.name}`, () => buildTarget(target))
    await writeStamp(target.name, built)
  }
  if (wanted('prepared-database')) await ensurePreparedDatabase(force)
}

async function buildTarget({ name, modes, output }) {
  const { build } = await import('vite')
  const made = join(distFolder, `.${name}-${process.pid}`)
  try {
    for (const mode of modes) {
      await build({
        configFile: inProject('vite.config.ts'),
        mode,
        logLevel: 'warn',
        build: { outDir: made, emptyOutDir: mode === modes[0] },
      })
    }
    await swap(made, join(distFolder, output))
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

/** An empty, migrated database folder as a tar: unpacking it is several times quicker than making one at the first start. */
async function ensurePreparedDatabase(force) {
  const target = join(distFolder, 'prepared-database.tar')
  const hash = await contentHash(['electron/backend/database', 'node_modules/@electric-sql/pglite/package.json', 'electron/tools/prepare-database.mjs'], source)
  if (!force && existsSync(target) && (await readStamp('prepared-database')) === hash) return
  await step('Preparing the empty database', async () => {
    const made = join(distFolder, `.prepared-database-${process.pid}.tar`)
    try {
      await runCommand(process.execPath, ['--import', 'tsx', inProject('electron/tools/prepare-database.mjs'), made], { cwd: projectFolder })
      await rename(made, target)
    } finally {
      await rm(made, { force: true })
    }
  })
  await writeStamp('prepared-database', hash)
}

async function swap(made, target) {
  const old = `${target}.old-${process.pid}`
  if (existsSync(target)) await rename(target, old)
  await rename(made, target)
  await rm(old, { recursive: true, force: true })
}

const stampFile = (name) => join(distFolder, '.stamps', name)
const readStamp = (name) => readFile(stampFile(name), 'utf8').catch(() => null)

async function writeStamp(name, hash) {
  await mkdir(join(distFolder, '.stamps'), { recursive: true })
  await writeFile(stampFile(name), hash)
}

if (isEntry(import.meta.url)) {
  await runEntry(async () => {
    const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
    await ensureBuilt({ force: process.argv.includes('--force'), ...(only.length > 0 ? { only } : {}) })
    process.stdout.write('The build is up to date.\n')
  })
}

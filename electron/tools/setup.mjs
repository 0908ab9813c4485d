/** `npm run setup`: everything that a fresh clone needs, done once; quick when there is nothing to do. */
import { isEntry, Obstacle, runEntry } from './entry.mjs'
import { installDependencies } from './install-dependencies.mjs'
import { installModel } from './install-model.mjs'
import { installSystemPackages, missingFromSystem } from './system-packages.mjs'

const oldestNode = [20, 19]

/**
 * Sets the project up and says at the end what could not be had and what follows from it.
 * @param {{ window?: boolean, tests?: boolean }} [options] `window`: Electron too; `tests`: also what the tests need
 * @throws {Obstacle} when the dependencies cannot be installed: then nothing works
 */
export async function setUp({ window = true, tests = false } = {}) {
  checkNode()
  await installDependencies()
  const notes = [await installModel()]
  if (window || tests) {
    // These import packages from node_modules, which are there only now.
    const { installElectron } = await import('./install-electron.mjs')
    const { findChromium } = await import('./find-chromium.mjs')
    notes.push(await installSystemPackages({ tests, chromium: tests && findChromium() === null }))
    notes.push(await installElectron())
    if (tests && findChromium() === null) notes.push(await installPlaywrightChromium())
  }
  for (const note of notes.filter((text) => text !== null)) process.stdout.write(`! ${note}\n`)
}

/** Names of libraries without which no Electron starts here; empty where all is well. */
export async function missingLibraries() {
  return Object.keys(await missingFromSystem()).filter((name) => name.includes('.so'))
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new Obstacle(`CareChat needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}. Nothing was changed.`)
  }
}

async function installPlaywrightChromium() {
  const { findChromium } = await import('./find-chromium.mjs')
  const { inProject } = await import('./project.mjs')
  const { reachable } = await import('./reachable.mjs')
  const { runCommand } = await import('./run-command.mjs')
  const { readRecord, triedRecently, updateRecord } = await import('./setup-record.mjs')
  const { step } = await import('./step.mjs')
  const missing = 'No Chromium was found and none could be had: the end-to-end tests of the served app cannot run. Set CARECHAT_CHROMIUM to the path of one.'
  if (triedRecently((await readRecord()).chromiumTriedAt)) return missing
  if (await reachable('https://cdn.playwright.dev/')) {
    await step('Downloading Chromium for the tests', () =>
      runCommand(process.execPath, [inProject('node_modules', '@playwright', 'test', 'cli.js'), 'install', 'chromium'], { timeoutMs: 15 * 60_000 }),
    ).catch(() => null)
  }
  if (findChromium() !== null) return null
  await updateRecord({ chromiumTriedAt: Date.now() })
  return missing
}

if (isEntry(import.meta.url)) {
  await runEntry(async () => {
    await setUp({ tests: process.argv.includes('--tests') })
    process.stdout.write('The set-up is done.\n')
  })
}

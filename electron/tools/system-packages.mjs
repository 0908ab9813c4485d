/** The libraries and programs of the operating system that Electron and its tests need, on Debian and its kin. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { CommandFailed, runCommand } from './run-command.mjs'
import { readRecord, triedRecently, updateRecord } from './setup-record.mjs'
import { step } from './step.mjs'

/** Shared library: names of the package that holds it, by age of the distribution. */
const libraries = {
  'libgtk-3.so.0': ['libgtk-3-0', 'libgtk-3-0t64'],
  'libnss3.so': ['libnss3'],
  'libasound.so.2': ['libasound2', 'libasound2t64'],
  'libgbm.so.1': ['libgbm1'],
  'libXss.so.1': ['libxss1'],
  'libXtst.so.6': ['libxtst6'],
  'libnotify.so.4': ['libnotify4'],
  'libatspi.so.0': ['libatspi2.0-0', 'libatspi2.0-0t64'],
  'libdrm.so.2': ['libdrm2'],
  'libsecret-1.so.0': ['libsecret-1-0'],
}
const programs = { unzip: ['unzip'] }
/** A display in memory, for the tests of the window. */
const testPrograms = { Xvfb: ['xvfb'], 'xvfb-run': ['xvfb'], xauth: ['xauth'] }
const browser = { chromium: ['chromium'] }

/**
 * What is missing of it: names of libraries and programs, each with its packages. Empty on other systems.
 * @param {{ tests?: boolean, chromium?: boolean }} [options] also what the tests need; also a browser
 * @returns {Promise<Record<string, string[]>>}
 */
export async function missingFromSystem({ tests = false, chromium = false } = {}) {
  if (process.platform !== 'linux') return {}
  const known = await runCommand(existsSync('/sbin/ldconfig') ? '/sbin/ldconfig' : 'ldconfig', ['-p']).catch(() => null)
  const missingLibraries = known === null ? [] : Object.entries(libraries).filter(([name]) => !known.includes(`\t${name} `))
  const wanted = { ...programs, ...(tests ? testPrograms : {}), ...(chromium ? browser : {}) }
  return Object.fromEntries([...missingLibraries, ...Object.entries(wanted).filter(([name]) => !onPath(name))])
}

/**
 * Installs what is missing where apt and root are there.
 * @param {{ tests?: boolean, chromium?: boolean }} [options]
 * @returns {Promise<string | null>} what is still missing and how to get it, or null
 */
export async function installSystemPackages(options = {}) {
  const missing = await missingFromSystem(options)
  if (Object.keys(missing).length === 0) return null
  const names = [...new Set(Object.values(missing).map(([first]) => first))]
  const canInstall = process.getuid?.() === 0 && onPath('apt-get')
  const key = `apt:${names.join(' ')}`
  const { aptTried = {} } = await readRecord()
  if (canInstall && !triedRecently(aptTried[key])) {
    try {
      await step(`Installing system packages: ${names.join(' ')}`, () => aptInstall(Object.values(missing)))
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error
      await updateRecord({ aptTried: { ...aptTried, [key]: Date.now() } })
    }
  }
  const still = await missingFromSystem(options)
  if (Object.keys(still).length === 0) return null
  const packages = [...new Set(Object.values(still).map(([first]) => first))]
  return `The system lacks ${Object.keys(still).join(', ')}. Install with: sudo apt-get install ${packages.join(' ')}`
}

async function aptInstall(candidates) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await runCommand('apt-get', ['update', '-q'], { env, timeoutMs: 5 * 60_000 })
  const packages = []
  for (const names of candidates) {
    // A name may be virtual on a newer distribution: only a real package has a description of its own.
    const real = []
    for (const name of names) {
      const shown = await runCommand('apt-cache', ['show', '--no-all-versions', name]).catch(() => '')
      if (shown.includes(`Package: ${name}\n`)) real.push(name)
    }
    packages.push(real[0] ?? names[0])
  }
  await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...new Set(packages)], { env, timeoutMs: 20 * 60_000 })
}

/** Whether a program of this name is found where the shell would look. */
export function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)))
}

/** Packages through electron-builder, into release/. The build has to be up to date. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentHash } from './content-hash.mjs'
import { Obstacle } from './entry.mjs'
import { findElectron } from './find-electron.mjs'
import { inProject, modulesFolder } from './project.mjs'
import { runCommand } from './run-command.mjs'
import { step } from './step.mjs'

const releaseFolder = inProject('release')
const stampFile = join(releaseFolder, '.linux-dir-stamp')
const hostPlatform = { linux: '--linux', darwin: '--mac', win32: '--win' }[process.platform]

/**
 * Makes the packages of a system.
 * @param {'--linux' | '--win' | '--mac'} platform
 * @param {{ target?: string, quiet?: boolean }} [options] `target`: one of electron-builder's, instead of those of electron-builder.yml
 * @throws {Obstacle} where only the Electron stand-in is here and the package would be a release
 */
export async function packageApp(platform, { target, quiet = false } = {}) {
  const electron = findElectron()
  const settings = []
  if (electron?.kind === 'own' && platform === hostPlatform) settings.push(`-c.electronDist=${electron.folder}`)
  if (electron?.kind === 'stand-in' || electron?.kind === 'given') {
    if (target !== 'dir' || platform !== '--linux') {
      throw new Obstacle('Electron itself is not here, and a release is never made from the stand-in. Run this where Electron can be downloaded.')
    }
    if (!quiet) process.stdout.write('This package is made from the Electron stand-in: for tests on this machine, never for a device.\n')
    const version = readFileSync(join(electron.folder, 'version'), 'utf8').trim()
    settings.push(`-c.electronDist=${electron.folder}`, `-c.electronVersion=${version}`)
  }
  const command = join(modulesFolder, 'electron-builder', 'cli.js')
  await step('Packaging', () => runCommand(process.execPath, [command, platform, ...(target ? [target] : []), '--publish', 'never', ...settings], { show: !quiet }))
}

/** The packaged Linux app that the end-to-end tests run against, made anew when anything in it has changed. */
export async function ensureLinuxFolder() {
  const tools = ['after-pack.mjs', 'fuses.mjs', 'package-app.mjs'].map((name) => `electron/tools/${name}`)
  const parts = ['dist/main', 'dist/backend', 'dist/renderer', 'dist/.stamps', 'data', 'resources', 'package.json', 'package-lock.json', 'electron-builder.yml', ...tools]
  const hash = `${await contentHash(parts)} ${findElectron()?.folder ?? ''}`
  const made = existsSync(join(releaseFolder, 'linux-unpacked', 'carechat'))
  if (made && (await readFile(stampFile, 'utf8').catch(() => null)) === hash) return
  await packageApp('--linux', { target: 'dir', quiet: true })
  await mkdir(releaseFolder, { recursive: true })
  await writeFile(stampFile, hash)
}

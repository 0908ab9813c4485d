/** Electron's own binary where it can be downloaded, else the stand-in on Linux x64. */
import { join } from 'node:path'
import { makeStandIn, standInPossible } from './electron-stand-in.mjs'
import { electronVersion, findElectron } from './find-electron.mjs'
import { modulesFolder } from './project.mjs'
import { reachable } from './reachable.mjs'
import { CommandFailed, runCommand } from './run-command.mjs'
import { readRecord, triedRecently, updateRecord } from './setup-record.mjs'
import { step } from './step.mjs'

/** @returns {Promise<string | null>} what could not be had and what follows from it, or null */
export async function installElectron() {
  const found = findElectron()
  if (found && found.kind !== 'stand-in') return null
  const tried = await readRecord()
  if (!triedRecently(tried.electronTriedAt)) {
    if (await download()) return null
    await updateRecord({ electronTriedAt: Date.now() })
  }
  const standInText = `Electron ${electronVersion()} could not be downloaded: a stand-in, Electron 33.2.1, runs the app for development and tests. It is never put into a release.`
  if (found) return standInText
  const missing = `Electron ${electronVersion()} could not be downloaded: there is no window here, and npm start serves the app on this machine's loopback address instead.`
  if (!standInPossible || triedRecently(tried.standInTriedAt)) return missing
  try {
    await step('Making the Electron stand-in (196 MB, once a machine)', makeStandIn)
    return standInText
  } catch (error) {
    await updateRecord({ standInTriedAt: Date.now() })
    return `${missing} The stand-in could not be made either: ${error.message.split('\n')[0]}`
  }
}

/** @returns {Promise<boolean>} whether Electron's own binary is there now */
async function download() {
  const mirror = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/download/'
  if (!(await reachable(`${mirror}v${electronVersion()}/SHASUMS256.txt`))) return false
  try {
    await step(`Downloading Electron ${electronVersion()} (about 120 MB)`, () =>
      runCommand(process.execPath, [join(modulesFolder, 'electron', 'install.js')], { timeoutMs: 15 * 60_000 }),
    )
    return true
  } catch (error) {
    if (error instanceof CommandFailed) return false
    throw error
  }
}

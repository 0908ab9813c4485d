import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasStandIn, standInFolder, standInPossible } from './electron-stand-in.mjs'
import { modulesFolder } from './project.mjs'

/**
 * The Electron that this machine runs, looked for in `ELECTRON_OVERRIDE_DIST_PATH`, in node_modules and in the cache.
 * @returns {{ executable: string, folder: string, kind: 'given' | 'own' | 'stand-in' } | null}
 */
export function findElectron() {
  const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
  const name = executables[process.platform] ?? 'electron'
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (given && existsSync(join(given, name))) return { executable: join(given, name), folder: given, kind: 'given' }
  const own = join(modulesFolder, 'electron', 'dist')
  // path.txt is written last: without it the download was cut.
  if (existsSync(join(own, name)) && existsSync(join(modulesFolder, 'electron', 'path.txt'))) {
    return { executable: join(own, name), folder: own, kind: 'own' }
  }
  if (standInPossible && hasStandIn()) return { executable: join(standInFolder, name), folder: standInFolder, kind: 'stand-in' }
  return null
}

/** Version of Electron that package.json names. */
export function electronVersion() {
  return JSON.parse(readFileSync(join(modulesFolder, 'electron', 'package.json'), 'utf8')).version
}

import { fileURLToPath, pathToFileURL } from 'node:url'
import path from 'node:path'

export const projectFolder = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '')
export const packagedExecutable = path.join(projectFolder, 'release', 'linux-unpacked', 'carechat')

/** The Electron of this machine, found as `npm start` finds it. @throws Error when there is none */
export async function electronExecutable(): Promise<string> {
  const given = process.env['CARECHAT_ELECTRON']
  if (given) return given
  const { findElectron } = (await tool('find-electron.mjs')) as { findElectron: () => { executable: string } | null }
  const found = findElectron()
  if (!found) throw new Error('there is no Electron here: npm run setup')
  return found.executable
}

/** The Chromium of this machine. @throws Error when there is none */
export async function chromiumExecutable(): Promise<string> {
  const { findChromium } = (await tool('find-chromium.mjs')) as { findChromium: () => string | null }
  const found = findChromium()
  if (!found) throw new Error('there is no Chromium here: npm run setup')
  return found
}

function tool(name: string): Promise<unknown> {
  return import(pathToFileURL(path.join(projectFolder, 'electron', 'tools', name)).href)
}

/** The microphone that is none: Chromium's own stand-in, which says what is in a file. Permission is left to who usually gives it. */
export function microphoneSwitches(microphone: string | undefined): string[] {
  return ['--use-fake-device-for-media-stream', ...(microphone === undefined || microphone === 'none' ? [] : [`--use-file-for-fake-audio-capture=${microphone}%noloop`])]
}

/** Root cannot start Chromium's sandbox. */
export const sandboxSwitches: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** After a package's folder is complete and before it is signed: what does not belong in it goes, and the fuses are set and read back. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setFuses } from './fuses.mjs'

/** 3 in electron-builder's enumeration of processors. */
const arm64 = 3

export default async function afterPack({ appOutDir, electronPlatformName, arch, packager }) {
  const name = packager.appInfo.productFilename
  const mac = electronPlatformName === 'darwin'
  const resources = mac ? join(appOutDir, `${name}.app`, 'Contents', 'Resources') : join(appOutDir, 'resources')
  // Electron's own start page; a folder as `electronDist` leaves it in.
  await rm(join(resources, 'default_app.asar'), { force: true })
  const candidates = { darwin: `${name}.app`, win32: `${name}.exe` }
  const executable = join(appOutDir, candidates[electronPlatformName] ?? packager.executableName)
  if (!existsSync(executable)) throw new Error(`the package has no ${executable}`)
  const fuses = await setFuses(executable, { macArm64: mac && arch === arm64 })
  process.stdout.write(`  • fuses set and read back  ${Object.entries(fuses).map(([fuse, on]) => `${fuse}=${on ? 'on' : 'off'}`).join(' ')}\n`)
}

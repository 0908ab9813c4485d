/** The fuses of a packaged app: every one that Electron has, set on purpose. */
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses'

/** Whether each fuse is on. Named as in Electron's documentation. */
export const wantedFuses = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  // There is no snapshot of our own for the browser process.
  LoadBrowserProcessSpecificV8Snapshot: false,
  // Pages come over carechat://, never over file://.
  GrantFileProtocolExtraPrivileges: false,
  // Traps out-of-bounds access of WebAssembly by signal: faster, and needed for its memory limits. PGlite is WebAssembly.
  WasmTrapHandlers: true,
}

/**
 * Reads the fuses of an executable (or a .app).
 * @returns {Promise<Record<string, boolean>>} those that this Electron has, by name
 */
export async function readFuses(path) {
  const wire = await getCurrentFuseWire(path)
  const present = Object.entries(FuseV1Options).filter(([name, index]) => Number.isNaN(Number(name)) && [FuseState.ENABLE, FuseState.DISABLE].includes(wire[index]))
  return Object.fromEntries(present.map(([name, index]) => [name, wire[index] === FuseState.ENABLE]))
}

/**
 * Sets every fuse and reads them back.
 * @throws {Error} when one is not as wanted, or when this Electron has a fuse that is not in the list
 */
export async function setFuses(path, { macArm64 = false } = {}) {
  const present = Object.keys(await readFuses(path))
  const unknown = present.filter((name) => !(name in wantedFuses))
  if (unknown.length > 0) throw new Error(`no decision about the fuses ${unknown.join(', ')}`)
  await flipFuses(path, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: macArm64,
    ...Object.fromEntries(present.map((name) => [FuseV1Options[name], wantedFuses[name]])),
  })
  const set = await readFuses(path)
  const wrong = present.filter((name) => set[name] !== wantedFuses[name])
  if (wrong.length > 0) throw new Error(`these fuses are not as wanted: ${wrong.join(', ')}`)
  return set
}

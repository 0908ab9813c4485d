import { safeStorage } from 'electron'
import type { Sealer } from './key-store.js'

/** The operating system's key store, or null where it has none; call after the app is ready. On Linux `basic_text` would seal with a known password. */
export function systemSealer(): Sealer | null {
  if (!safeStorage.isEncryptionAvailable()) return null
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return null
  return {
    seal: (value) => safeStorage.encryptString(value).toString('base64'),
    open: (sealed) => safeStorage.decryptString(Buffer.from(sealed, 'base64')),
  }
}

import { randomBytes } from 'node:crypto'
import type { KeyStore } from './key-store.js'

/** The 256-bit key of this name: read from the key store, made there at first run. */
export async function secretKey(keyStore: KeyStore, name: string): Promise<Uint8Array> {
  const kept = await keyStore.get(name)
  if (kept !== null) return Buffer.from(kept, 'base64')
  const made = randomBytes(32)
  await keyStore.set(name, made.toString('base64'))
  return made
}

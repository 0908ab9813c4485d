import { randomBytes } from 'node:crypto'
import type { KeyStore } from './key-store.js'

const keyBytes = 32

/** The 256-bit key of this name: read from the key store, made there at first run. Throws when what is kept there is no such key. */
export async function secretKey(keyStore: KeyStore, name: string): Promise<Uint8Array> {
  const kept = await keyStore.get(name)
  if (kept !== null) {
    const key = Buffer.from(kept, 'base64')
    // A short key would still sign, and could be guessed; a new one in its place would sign everybody out.
    if (key.length !== keyBytes) throw new Error(`the kept secret ${name} is not a 256-bit key`)
    return key
  }
  const made = randomBytes(keyBytes)
  await keyStore.set(name, made.toString('base64'))
  return made
}

/** Secrets in a file that only this user can read, for `serve` and for tests; the desktop has the system's key store. */
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../database/data-folder.js'
import type { KeyStore } from './key-store.js'

const secrets = z.record(z.string(), z.string())

export class FileKeyStore implements KeyStore {
  readonly mode = 'file'
  readonly #file: string

  constructor(dataFolder: string) {
    this.#file = path.join(dataFolder, 'keys.json')
  }

  async get(name: string): Promise<string | null> {
    return this.#read()[name] ?? null
  }

  async set(name: string, value: string | null): Promise<void> {
    const { [name]: _replaced, ...others } = this.#read()
    writeDurably(this.#file, JSON.stringify(value === null ? others : { ...others, [name]: value }), 0o600)
  }

  /** Throws when the file is there but is not ours: starting with new keys would sign everybody out and lose the provider keys. */
  #read(): Record<string, string> {
    return fs.existsSync(this.#file) ? secrets.parse(JSON.parse(fs.readFileSync(this.#file, 'utf8'))) : {}
  }
}

/** Secrets of this device: sealed by the operating system, or, where the administrator chose it, in a file that only this user can read. */
import fs from 'node:fs/promises'
import path from 'node:path'

/** What seals: Electron's safeStorage, or nothing in the tests' and administrators' file mode. */
export interface Sealer {
  seal(value: string): string
  open(sealed: string): string
}

export type KeyStoreMode = 'system' | 'file'

const fileNames: Record<KeyStoreMode, string> = { system: 'keys-sealed.json', file: 'keys.json' }

/** The keys were sealed by a key store that is not there now. */
export class KeysLockedError extends Error {
  constructor() {
    super('the keys of this folder are sealed and cannot be opened')
    this.name = 'KeysLockedError'
  }
}

/** No key store of the system, and no leave to use a file. */
export class NoKeyStoreError extends Error {
  constructor() {
    super('the operating system offers no key store')
    this.name = 'NoKeyStoreError'
  }
}

export interface KeyStoreOptions {
  folder: string
  /** The operating system's key store; null where it is missing or would seal with a known password. */
  system: Sealer | null
  /** Whether a file may take its place. */
  fileAllowed: boolean
}

export class KeyStore {
  readonly mode: KeyStoreMode
  readonly #file: string
  readonly #sealer: Sealer
  readonly #values: Map<string, string>
  /** Writes follow one another. */
  #writing: Promise<void> = Promise.resolve()

  private constructor(mode: KeyStoreMode, file: string, sealer: Sealer, values: Map<string, string>) {
    this.mode = mode
    this.#file = file
    this.#sealer = sealer
    this.#values = values
  }

  /**
   * Opens the folder's keys. What was sealed once is never replaced by new keys in a file; keys in a file are sealed as soon as the file is
   * no longer allowed and the system can.
   * @throws KeysLockedError, NoKeyStoreError
   */
  static async open({ folder, system, fileAllowed }: KeyStoreOptions): Promise<KeyStore> {
    const files = { system: path.join(folder, fileNames.system), file: path.join(folder, fileNames.file) }
    const sealed = await read(files.system)
    if (sealed) {
      if (!system) throw new KeysLockedError()
      return new KeyStore('system', files.system, system, openAll(sealed, system))
    }
    const plain = await read(files.file)
    if (fileAllowed && (plain || !system)) return new KeyStore('file', files.file, plainSealer, openAll(plain ?? {}, plainSealer))
    if (!system) throw new NoKeyStoreError()
    const store = new KeyStore('system', files.system, system, openAll(plain ?? {}, plainSealer))
    if (plain) {
      await store.#write(store.#values)
      await fs.rm(files.file)
    }
    return store
  }

  get(name: string): string | null {
    return this.#values.get(name) ?? null
  }

  /** Keeps a secret durably, null removes it. Rejects when it could not be written; then nothing has changed. */
  async set(name: string, value: string | null): Promise<void> {
    const write = this.#writing.then(async () => {
      const next = new Map(this.#values)
      if (value === null) next.delete(name)
      else next.set(name, value)
      await this.#write(next)
      if (value === null) this.#values.delete(name)
      else this.#values.set(name, value)
    })
    // The next write waits for this one and does not care how it ended; whoever asked for this one is told.
    this.#writing = write.catch(() => undefined)
    return write
  }

  async #write(values: ReadonlyMap<string, string>): Promise<void> {
    await replaceFile(this.#file, JSON.stringify(Object.fromEntries([...values].map(([name, value]) => [name, this.#sealer.seal(value)]))))
  }
}

/** The file of `npm run serve` has the same name and form, so that both find the same keys in a folder. */
const plainSealer: Sealer = { seal: (value) => value, open: (sealed) => sealed }

function openAll(stored: Readonly<Record<string, string>>, sealer: Sealer): Map<string, string> {
  try {
    return new Map(Object.entries(stored).map(([name, value]) => [name, sealer.open(value)]))
  } catch {
    // Another user's or a lost key store: the values cannot be opened, and must not be made anew either.
    throw new KeysLockedError()
  }
}

async function read(file: string): Promise<Record<string, string> | null> {
  try {
    return JSON.parse(await fs.readFile(file, 'utf8')) as Record<string, string>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error instanceof SyntaxError ? new KeysLockedError() : error
  }
}

/** The new content is on the disk, under its name, before this returns; a power cut leaves the old or the new file, never half of one. */
async function replaceFile(file: string, content: string): Promise<void> {
  const temporary = `${file}.new`
  const handle = await fs.open(temporary, 'w', 0o600)
  try {
    // The mode of `open` counts only for a file that was not there.
    await handle.chmod(0o600)
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await fs.rename(temporary, file)
  if (process.platform === 'win32') return
  const folder = await fs.open(path.dirname(file), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

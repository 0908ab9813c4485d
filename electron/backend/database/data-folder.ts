/**
 * The data folder from outside the database: made ready at the first start, checked at every start, and set aside when it cannot be opened.
 * Nothing here ever deletes a database.
 */
import fs from 'node:fs'
import path from 'node:path'
import { extract } from 'tar'
import { realDisk } from './disk.js'

/** Layout of the data folder; raised only with a migration from the one before. */
const folderFormat = 1
/** Postgres inside the pinned PGlite; another major version cannot open its folders. */
const postgresMajor = '18'

/** The folder was written by a newer CareChat, or by another Postgres. It is left as it is. */
export class FolderVersionError extends Error {
  constructor() {
    super('the data folder belongs to another version')
    this.name = 'FolderVersionError'
  }
}

export class DataFolder {
  readonly path: string
  readonly databasePath: string

  constructor(folder: string) {
    this.path = path.resolve(folder)
    this.databasePath = path.join(this.path, 'database')
  }

  /** Makes the folder, for this user only. */
  create(): void {
    fs.mkdirSync(this.path, { recursive: true, mode: 0o700 })
  }

  /** Reads VERSION and PG_VERSION, writing VERSION at the first start. Throws FolderVersionError when either is not ours. */
  checkVersion(): void {
    const file = path.join(this.path, 'VERSION')
    if (fs.existsSync(file)) {
      if (Number(fs.readFileSync(file, 'utf8').trim()) !== folderFormat) throw new FolderVersionError()
    } else {
      writeDurably(file, `${folderFormat}\n`)
    }
    const postgresVersion = path.join(this.databasePath, 'PG_VERSION')
    if (fs.existsSync(postgresVersion) && fs.readFileSync(postgresVersion, 'utf8').trim() !== postgresMajor) throw new FolderVersionError()
  }

  get hasDatabase(): boolean {
    return fs.existsSync(this.databasePath)
  }

  /** Whether the database was ever made whole; PGlite would make a new one over one whose PG_VERSION is gone. */
  get isDatabaseWhole(): boolean {
    return fs.existsSync(path.join(this.databasePath, 'PG_VERSION'))
  }

  /**
   * Removes Postgres's own lock file, under ours, before an open. A power cut or a failed write at the start leaves it empty, and Postgres
   * then refuses a database that is in order.
   */
  removeStaleLock(): void {
    fs.rmSync(path.join(this.databasePath, 'postmaster.pid'), { force: true })
  }

  /**
   * Puts a prepared database in place: unpacked beside, flushed, then renamed, because a kill in the middle of making
   * a folder would leave one that never opens.
   */
  async unpackPrepared(archive: string): Promise<void> {
    const temporary = this.#temporaryPath()
    fs.mkdirSync(temporary, { mode: 0o700 })
    await extract({ file: archive, cwd: temporary, strict: true })
    await this.#putInPlace(temporary)
  }

  /** Has `make` write a new database into a temporary folder and puts it in place; used where no prepared one is shipped. */
  async makeDatabase(make: (folder: string) => Promise<void>): Promise<void> {
    const temporary = this.#temporaryPath()
    fs.mkdirSync(temporary, { mode: 0o700 })
    await make(temporary)
    await this.#putInPlace(temporary)
  }

  /** Sets an unopenable database aside under `quarantine/` and returns where it is. */
  quarantine(now: Date): string {
    const folder = path.join(this.path, 'quarantine')
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const destination = path.join(folder, `database-${now.toISOString().replaceAll(/[:.]/g, '-')}`)
    fs.renameSync(this.databasePath, destination)
    realDisk.syncFolder(folder)
    realDisk.syncFolder(this.path)
    return destination
  }

  #temporaryPath(): string {
    // What a killed start left half-made holds nothing yet: it never became the database.
    for (const name of fs.readdirSync(this.path)) {
      if (name.startsWith('database.new-')) fs.rmSync(path.join(this.path, name), { recursive: true, force: true })
    }
    return path.join(this.path, `database.new-${process.pid}`)
  }

  async #putInPlace(temporary: string): Promise<void> {
    await flushTree(temporary)
    fs.renameSync(temporary, this.databasePath)
    realDisk.syncFolder(this.path)
  }
}

/** Writes a small file so that after a power cut it is whole, either old or new. */
export function writeDurably(file: string, content: string, mode = 0o600): void {
  const temporary = `${file}.new-${process.pid}`
  const descriptor = fs.openSync(temporary, 'w', mode)
  try {
    fs.writeFileSync(descriptor, content)
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
  fs.renameSync(temporary, file)
  realDisk.syncFolder(path.dirname(file))
}

/** Flushes every file and folder of a tree; asynchronous, because the first start does it while the window is already there. */
async function flushTree(folder: string): Promise<void> {
  const entries = await fs.promises.readdir(folder, { withFileTypes: true })
  await Promise.all(
    entries.map(async (entry) => {
      const entryPath = path.join(folder, entry.name)
      if (entry.isDirectory()) return flushTree(entryPath)
      const handle = await fs.promises.open(entryPath, 'r+')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    }),
  )
  realDisk.syncFolder(folder)
}

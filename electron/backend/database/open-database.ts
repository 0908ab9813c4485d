/**
 * Opens the database of a data folder from whatever state it is in: new, in order, or damaged.
 */
import fs from 'node:fs'
import type { Logger } from '../logging/logger.js'
import { DataFolder } from './data-folder.js'
import { Database, DatabaseOpenError, type DatabaseOptions } from './database.js'
import { DatabaseError } from './database-error.js'
import { lockFolder, type FolderLock } from './folder-lock.js'
import { migrate } from './migrate.js'

export interface OpenDatabaseOptions {
  folder: string
  /** The prepared database that ships with the product; where it is missing the first start makes one. */
  preparedArchive: string | null
  onThreadEnd: DatabaseOptions['onThreadEnd']
  logger: Logger
  now: () => Date
  workerSource?: URL
  workerData?: Record<string, unknown>
  /** How long an existing database may take to open, ms. */
  openTimeoutMs?: number
}

/** Longest open of an existing database, ms: a hundred times the usual one, and with the second attempt still below a minute. */
const defaultOpenTimeoutMs = 25_000
/** What Postgres says of a table or index that is damaged (data_corrupted, index_corrupted) or whose file is gone (undefined_file). */
const damageStates: ReadonlySet<string> = new Set(['XX001', 'XX002', '58P01'])

function isDamage(error: unknown): boolean {
  return error instanceof DatabaseOpenError || (error instanceof DatabaseError && damageStates.has(error.sqlState))
}

export interface OpenedDatabase {
  database: Database
  /** True when a folder that could not be opened was set aside and a new one made. */
  quarantined: boolean
  close(): Promise<void>
}

/**
 * Takes the folder's lock, checks its version, makes it at the first start, sets it aside when it cannot be opened, and migrates it.
 * Throws FolderInUseError, FolderVersionError, or DatabaseThreadEndedError when the disk failed.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const folder = new DataFolder(options.folder)
  folder.create()
  const lock: FolderLock = await lockFolder(folder.path)
  try {
    folder.checkVersion()
    const open = (databasePath: string, limit: { openTimeoutMs?: number } = {}): Promise<Database> =>
      Database.open({
        folder: databasePath,
        onThreadEnd: options.onThreadEnd,
        ...(options.workerSource ? { workerSource: options.workerSource } : {}),
        ...(options.workerData ? { workerData: options.workerData } : {}),
        ...limit,
      })
    const ensureDatabase = async (): Promise<void> => {
      if (folder.hasDatabase) return
      if (options.preparedArchive && fs.existsSync(options.preparedArchive)) return folder.unpackPrepared(options.preparedArchive)
      await folder.makeDatabase(async (temporary) => (await open(temporary)).close())
    }
    const openAndMigrate = async (limit: { openTimeoutMs?: number } = {}): Promise<Database> => {
      if (!folder.isDatabaseWhole) throw new DatabaseOpenError('PG_VERSION is missing')
      folder.removeStaleLock()
      const database = await open(folder.databasePath, limit)
      try {
        await migrate(database)
      } catch (error) {
        await database.close()
        throw error
      }
      return database
    }

    let quarantined = false
    let database: Database
    await ensureDatabase()
    try {
      // Tried twice, because memory that was short for a moment must not look like damage.
      const limit = { openTimeoutMs: options.openTimeoutMs ?? defaultOpenTimeoutMs }
      database = await openAndMigrate(limit).catch((error: unknown) => {
        if (!isDamage(error)) throw error
        return openAndMigrate(limit)
      })
    } catch (error) {
      if (!isDamage(error)) throw error
      folder.quarantine(options.now())
      options.logger.error({ event: 'folder_quarantined' }, 'the database could not be opened; it was set aside and a new one is made')
      quarantined = true
      await ensureDatabase()
      database = await openAndMigrate()
    }
    const opened = database
    return {
      database: opened,
      quarantined,
      close: async () => {
        await opened.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}


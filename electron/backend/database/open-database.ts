/**
 * Opens the database of a data folder from whatever state it is in: new, in order, or damaged.
 */
import fs from 'node:fs'
import type { Logger } from '../logging/logger.js'
import { DataFolder } from './data-folder.js'
import { Database, DatabaseOpenError, type DatabaseOptions } from './database.js'
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
}

export interface OpenedDatabase {
  database: Database
  /** True when a folder that could not be opened was set aside and a new one made. */
  quarantined: boolean
  close(): Promise<void>
}

/**
 * Takes the folder's lock, checks its version, makes it at the first start, sets it aside when it cannot be opened, and migrates it.
 * Throws FolderInUseError or FolderVersionError.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const folder = new DataFolder(options.folder)
  folder.create()
  const lock: FolderLock = await lockFolder(folder.path)
  try {
    folder.checkVersion()
    const open = (databasePath: string): Promise<Database> =>
      Database.open({ folder: databasePath, onThreadEnd: options.onThreadEnd, ...(options.workerSource ? { workerSource: options.workerSource } : {}) })
    const ensureDatabase = async (): Promise<void> => {
      if (folder.hasDatabase) return
      if (options.preparedArchive && fs.existsSync(options.preparedArchive)) return folder.unpackPrepared(options.preparedArchive)
      await folder.makeDatabase(async (temporary) => (await open(temporary)).close())
    }
    const openAndMigrate = async (): Promise<Database> => {
      const database = await open(folder.databasePath)
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
      database = await openAndMigrate()
    } catch (error) {
      if (!(error instanceof DatabaseOpenError)) throw error
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


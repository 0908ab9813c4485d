/** Makes the prepared database that ships with the product: a migrated, empty folder as a compressed tar. Run by the build. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { create } from 'tar'
import { Database } from './database.js'
import { migrate } from './migrate.js'

/** Writes the archive to `archive`, replacing an older one whole. */
export async function prepareDatabase(archive: string): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carechat-prepare-'))
  try {
    const database = await Database.open({
      folder,
      onThreadEnd: (exitCode) => {
        throw new Error(`the database thread ended with ${exitCode} while the prepared database was made`)
      },
    })
    await migrate(database)
    await database.execute('vacuum full')
    await database.execute('checkpoint')
    await database.close()
    const temporary = `${archive}.new-${process.pid}`
    await create({ gzip: true, file: temporary, cwd: folder, portable: true }, fs.readdirSync(folder))
    fs.renameSync(temporary, archive)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * A migrated, empty database folder that tests copy, because making one takes seconds. It is made once for each set of migrations and kept
 * with other caches; nothing ever opens it in place.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { Database } from '../database.js'
import { durableStartParameters } from '../durable-file-system.js'
import { migrate } from '../migrate.js'
import { migrations } from '../migrations/migrations.js'
import { testFolder } from './test-folder.js'

const cacheFolder = fileURLToPath(new URL('../../../../node_modules/.cache/carechat-database-template', import.meta.url))

function templateKey(): string {
  const pglite = fs.readFileSync(createRequire(import.meta.url).resolve('@electric-sql/pglite').replace(/index\.cjs$/, 'pglite.wasm'))
  const parts = [migrations, durableStartParameters(PGlite.defaultStartParams)]
  return createHash('sha256').update(pglite).update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

/** The template's folder; made at the first call. */
export async function databaseTemplate(): Promise<string> {
  const template = path.join(cacheFolder, templateKey())
  if (fs.existsSync(template)) return template
  fs.mkdirSync(cacheFolder, { recursive: true })
  const folder = fs.mkdtempSync(path.join(cacheFolder, 'new-'))
  const database = await Database.open({ folder, onThreadEnd: () => undefined })
  await migrate(database)
  await database.execute('checkpoint')
  await database.close()
  try {
    fs.renameSync(folder, template)
  } catch (error) {
    // Another test process was first.
    if (!fs.existsSync(template)) throw error
    fs.rmSync(folder, { recursive: true })
  }
  return template
}

/** A new temporary data folder whose `database` is a copy of the template. */
export async function copyTemplate(): Promise<string> {
  const template = await databaseTemplate()
  const folder = testFolder('database')
  fs.cpSync(template, path.join(folder, 'database'), { recursive: true, mode: fs.constants.COPYFILE_FICLONE })
  return folder
}

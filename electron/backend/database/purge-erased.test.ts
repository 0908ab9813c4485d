import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Database } from './database.js'
import { purgeErased } from './purge-erased.js'
import { copyTemplate } from './testing/database-template.js'

let folder: string
let database: Database
beforeAll(async () => {
  folder = await copyTemplate()
  database = await Database.open({
    folder: path.join(folder, 'database'),
    onThreadEnd: (exitCode) => {
      throw new Error(`the database thread ended with ${exitCode}`)
    },
  })
})
afterAll(async () => {
  await database.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** How many files of the folder hold this text. */
function filesWith(text: string): number {
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile() && fs.readFileSync(path.join(entry.parentPath, entry.name)).includes(text)).length
}

it('erased text is in no file any more, of the tables or of the log, and what stays is as it was', async () => {
  await database.execute('create table notes (id integer primary key, content text not null)')
  await database.execute(`insert into notes select id, 'canary-erased-' || id || ' ' || md5(id::text) from generate_series(1, 500) id`)
  await database.execute(`insert into notes select id, 'canary-kept-' || id from generate_series(501, 600) id`)
  await database.execute('checkpoint')
  await database.execute('delete from notes where id <= 500')
  await database.execute('vacuum')
  await database.execute('checkpoint')
  expect(filesWith('canary-erased')).toBeGreaterThan(0)
  await purgeErased(database, ['notes'])
  expect(filesWith('canary-erased')).toBe(0)
  expect(await database.query(`select count(*)::int as kept from notes where content like 'canary-kept-%'`)).toEqual([{ kept: 100 }])
  expect(await database.query('show wal_recycle')).toEqual([{ wal_recycle: 'on' }])
})

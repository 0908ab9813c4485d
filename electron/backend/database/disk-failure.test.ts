/** What reaches the disk before a row is acknowledged, and what happens when the disk refuses. */
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { diskFailureExitCode } from '../process-messages.js'
import { Database, DatabaseThreadEndedError } from './database.js'
import { copyTemplate } from './testing/database-template.js'
import { DiskControl, type DiskFailureCode, type DiskOperation } from './testing/disk-control.js'
import { inspectDatabase } from './testing/inspect-database.js'

const workerSource = new URL('./testing/faulty-database-worker.ts', import.meta.url)
const content = 'x'.repeat(2000)

interface OpenedOnDisk {
  database: Database
  databasePath: string
  control: DiskControl
  /** Settles with the exit code when the thread ends by itself. */
  ended: Promise<number>
}

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true })
})

async function openOnDisk(): Promise<OpenedOnDisk> {
  const folder = await copyTemplate()
  folders.push(folder)
  const control = new DiskControl()
  const databasePath = path.join(folder, 'database')
  const { promise: ended, resolve } = deferred<number>()
  const database = await Database.open({ folder: databasePath, onThreadEnd: resolve, workerSource, workerData: { disk: control.memory } })
  await database.execute('create table kept (id integer primary key, content text not null)')
  return { database, databasePath, control, ended }
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((settle) => (resolve = settle))
  return { promise, resolve }
}

describe('every acknowledged row', () => {
  it('is flushed, and so are the folders of files that come, go or change their name', async () => {
    const { database, databasePath, control } = await openOnDisk()
    const flushes: number[] = []
    for (let id = 1; id <= 20; id++) {
      const before = control.count('syncFile')
      await database.query('insert into kept values ($1, $2)', [id, content])
      flushes.push(control.count('syncFile') - before)
    }
    expect(Math.min(...flushes)).toBeGreaterThanOrEqual(1)

    const before = control.count('syncFile')
    await database.transaction(async (transaction) => {
      await transaction.query('insert into kept values (21, $1)', [content])
      expect(control.count('syncFile')).toBe(before)
    })
    expect(control.count('syncFile')).toBeGreaterThan(before)

    const folderFlushes = async (sql: string): Promise<number> => {
      const start = control.count('syncFolder')
      await database.execute(sql)
      return control.count('syncFolder') - start
    }
    // A new table is a new file; a dropped one is removed by the checkpoint; a relation map is renamed into place.
    expect(await folderFlushes('create table another (id integer)')).toBeGreaterThanOrEqual(1)
    expect(await folderFlushes('drop table another; checkpoint')).toBeGreaterThanOrEqual(1)
    expect(await folderFlushes('vacuum full pg_class')).toBeGreaterThanOrEqual(1)
    await database.close()
    expect(fs.existsSync(path.join(databasePath, 'PG_VERSION'))).toBe(true)
  })

  it('stands on these settings of Postgres', async () => {
    const { database } = await openOnDisk()
    const settings = {
      fsync: 'on',
      wal_sync_method: 'fsync',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      shared_buffers: '16MB',
      max_wal_size: '64MB',
    }
    const rows = await database.query<{ name: string; value: string }>('select name, current_setting(name) as value from pg_settings where name = any($1)', [Object.keys(settings)])
    expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual(settings)
    await database.close()
  })

  it('is whole when the disk takes only a part of each write', async () => {
    const { database, databasePath, control } = await openOnDisk()
    control.shortenWrites(1000)
    await database.query('insert into kept select id, repeat($1, 100) from generate_series(1, 200) id', ['abcdefghi '])
    await database.execute('checkpoint')
    control.shortenWrites(0)
    await database.close()
    expect(await inspectDatabase(databasePath, 'select count(*)::int as rows, min(length(content)) as shortest from kept')).toEqual([{ rows: 200, shortest: 1000 }])
  })
})

interface Failure {
  operation: DiskOperation | 'any'
  code: DiskFailureCode
  position: number
  during: 'inserts' | 'transactions' | 'a checkpoint' | 'changes of tables'
}

const failures: readonly Failure[] = [
  { operation: 'write', code: 'ENOSPC', position: 1, during: 'inserts' },
  { operation: 'syncFile', code: 'EIO', position: 1, during: 'inserts' },
  { operation: 'syncFile', code: 'ENOSPC', position: 4, during: 'transactions' },
  { operation: 'write', code: 'EIO', position: 7, during: 'transactions' },
  { operation: 'write', code: 'ENOSPC', position: 3, during: 'a checkpoint' },
  { operation: 'any', code: 'ENOSPC', position: 40, during: 'a checkpoint' },
  { operation: 'syncFolder', code: 'EIO', position: 1, during: 'changes of tables' },
  { operation: 'any', code: 'EIO', position: 31, during: 'changes of tables' },
]

describe('the first failure of the disk ends the thread before any acknowledgement', () => {
  it.each(failures)('$code at $operation $position during $during', async ({ operation, code, position, during }) => {
    const { database, databasePath, control, ended } = await openOnDisk()
    const acknowledged: number[] = []
    const pairs: [number, number][] = []
    const settled: string[] = []
    let lastId = 0
    const work = {
      inserts: async () => {
        const id = ++lastId
        await database.query('insert into kept values ($1, $2)', [id, content])
        acknowledged.push(id)
      },
      transactions: async () => {
        const ids: [number, number] = [++lastId, ++lastId]
        pairs.push(ids)
        await database.transaction(async (transaction) => {
          for (const id of ids) await transaction.query('insert into kept values ($1, $2)', [id, content])
        })
        acknowledged.push(...ids)
      },
      'a checkpoint': async () => {
        await work.inserts()
        await database.execute('checkpoint')
      },
      'changes of tables': async () => {
        await work.inserts()
        await database.execute(`create table extra_${lastId} (id integer primary key, content text)`)
      },
    }
    for (let round = 0; round < 5; round++) await work[during]()
    control.failAt(position, operation, code)
    // Many at once, as a busy ward makes them: what waits behind the failed one is not acknowledged either.
    const repeat = async (): Promise<never> => {
      for (;;) await work[during]()
    }
    const other = async (): Promise<never> => {
      for (;;) await work.inserts()
    }
    for (const call of [repeat(), other()]) {
      void call.then(
        () => settled.push('resolved'),
        (error: Error) => settled.push(error.message),
      )
    }
    expect(await ended).toBe(diskFailureExitCode)
    const acknowledgedAtEnd = [...acknowledged]
    const late = database.query('select 1').then(() => 'answered')
    expect(await Promise.race([late, new Promise((resolve) => setImmediate(resolve, 'silent'))])).toBe('silent')
    expect(settled).toEqual([])
    expect(acknowledged).toEqual(acknowledgedAtEnd)
    expect(acknowledged.length).toBeGreaterThanOrEqual(5)

    const kept = new Set((await inspectDatabase<{ id: number }>(databasePath, 'select id from kept')).map(({ id }) => id))
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
    expect(pairs.filter(([first, second]) => kept.has(first) !== kept.has(second))).toEqual([])
  })

  it('also while the folder is opened: the end is told, and the folder is not called damaged', async () => {
    const folder = await copyTemplate()
    folders.push(folder)
    const control = new DiskControl()
    control.failAt(1, 'syncFile', 'EIO')
    const { promise: ended, resolve } = deferred<number>()
    const opening = Database.open({ folder: path.join(folder, 'database'), onThreadEnd: resolve, workerSource, workerData: { disk: control.memory } })
    await expect(opening).rejects.toBeInstanceOf(DatabaseThreadEndedError)
    expect(await ended).toBe(diskFailureExitCode)
  })
})

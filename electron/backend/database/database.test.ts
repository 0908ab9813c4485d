/** Queries, transactions and errors over the thread's boundary. */
import fs from 'node:fs'
import path from 'node:path'
import { inspect } from 'node:util'
import { eq, sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Database, type QueryRunner } from './database.js'
import { DatabaseError, violatesUnique } from './database-error.js'
import { copyTemplate } from './testing/database-template.js'

const items = pgTable('items', { id: integer('id').primaryKey(), name: text('name').notNull() })
const canary = 'CANARY-fièvre-et-toux-670112233'

let folder: string
let database: Database

const open = (): Promise<Database> =>
  Database.open({
    folder: path.join(folder, 'database'),
    onThreadEnd: (exitCode) => {
      throw new Error(`the database thread ended with ${exitCode}`)
    },
  })

beforeAll(async () => {
  folder = await copyTemplate()
  database = await open()
  await database.execute(`
    create table items (id integer primary key, name text not null, constraint items_name_key unique (name), constraint items_name_short check (length(name) < 60));
    create table parts (item integer not null references items deferrable initially deferred)`)
})
afterAll(async () => {
  await database.close()
  fs.rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => database.execute('truncate items, parts'))

const ids = async (): Promise<number[]> => (await database.query<{ id: number }>('select id from items order by id')).map(({ id }) => id)
const add = (queries: QueryRunner, id: number, name = `item ${id}`): Promise<unknown> => queries.query('insert into items values ($1, $2)', [id, name])
const failure = async (call: Promise<unknown>): Promise<Error> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error)) throw new Error('it did not fail')
  return error
}

describe('rows', () => {
  it('come back typed, through text and through drizzle', async () => {
    await database.drizzle.insert(items).values([{ id: 1, name: 'one' }, { id: 2, name: 'deux' }])
    expect(await database.drizzle.select().from(items).where(eq(items.id, 2))).toEqual([{ id: 2, name: 'deux' }])
    const [row] = await database.query<Record<string, unknown>>(`select 1 as a, null as b, $1::jsonb as c, $2::timestamptz as d, $3::bytea as e, date '2026-02-03' as f`, [
      JSON.stringify({ x: ['é'] }),
      '2026-01-02T03:04:05.678Z',
      new Uint8Array([1, 255]),
    ])
    expect(row).toMatchObject({ a: 1, b: null, c: { x: ['é'] }, d: '2026-01-02T03:04:05.678Z', f: '2026-02-03' })
    expect(new Uint8Array(row?.['e'] as Uint8Array)).toEqual(new Uint8Array([1, 255]))
  })
})

describe('errors', () => {
  const calls: Record<string, () => Promise<unknown>> = {
    'a unique name that is taken': () => add(database, 2, canary),
    'a value that a check refuses': () => add(database, 3, canary.repeat(3)),
    'a value of another type': () => database.query('select $1::integer', [canary]),
    'a statement that is not SQL': () => database.execute(`selec '${canary}'`),
    'a name that is unknown': () => database.query(`select "${canary}" from items`),
    'an error raised with the value': () => database.execute(`do $do$ begin raise exception '${canary}' using detail = '${canary}', hint = '${canary}'; end $do$`),
    'a unique name, through drizzle': async () => database.drizzle.insert(items).values({ id: 4, name: canary }),
    'a raw statement, through drizzle': async () => database.drizzle.execute(sql`select ${canary}::integer`),
    'a unique name, inside a transaction': () => database.transaction(async ({ drizzle }) => drizzle.insert(items).values({ id: 5, name: canary })),
  }

  it.each(Object.keys(calls))('carry neither statement nor values: %s', async (name) => {
    await add(database, 1, canary)
    const error = await failure(calls[name]!())
    let shown = ''
    for (let current: unknown = error; current instanceof Error; current = current.cause) {
      shown += [current.message, current.stack, JSON.stringify(current), JSON.stringify(Object.getOwnPropertyDescriptors(current)), inspect(current, { depth: 10, showHidden: true })].join('\n')
    }
    expect(shown).not.toContain('CANARY')
    expect(shown).not.toMatch(/insert into|selec /i)
    expect(error).toBeInstanceOf(DatabaseError)
    expect((error as DatabaseError).sqlState).toMatch(/^[0-9A-Z]{5}$/)
  })

  it('name the constraint, so that a taken name is told from everything else', async () => {
    await add(database, 1, 'taken')
    const byText = await failure(add(database, 2, 'taken'))
    const byDrizzle = await failure((async () => database.drizzle.insert(items).values({ id: 2, name: 'taken' }))())
    const byKey = await failure(add(database, 1, 'other'))
    const byCheck = await failure(add(database, 2, 'x'.repeat(80)))
    expect([byText, byDrizzle, byKey, byCheck].map((error) => violatesUnique(error, 'items_name_key'))).toEqual([true, true, false, false])
    expect(violatesUnique(new Error('wrapped', { cause: new Error('twice', { cause: byText }) }), 'items_name_key')).toBe(true)
    expect(violatesUnique(new Error('none'), 'items_name_key')).toBe(false)
    expect(violatesUnique(undefined, 'items_name_key')).toBe(false)
    expect(byCheck).toMatchObject({ sqlState: '23514', constraint: 'items_name_short', table: 'items' })
    expect(await ids()).toEqual([1])
  })
})

describe('a transaction', () => {
  it('keeps everything when its work ends, and gives its result', async () => {
    const result = await database.transaction(async (transaction) => {
      await add(transaction, 1)
      await transaction.drizzle.insert(items).values({ id: 2, name: 'two' })
      await transaction.execute(`insert into items values (3, 'three')`)
      return 'done'
    })
    expect(result).toBe('done')
    expect(await ids()).toEqual([1, 2, 3])
  })

  it('keeps nothing when its work throws, and throws the same', async () => {
    const reason = new Error('changed my mind')
    const call = database.transaction(async (transaction) => {
      await add(transaction, 1)
      throw reason
    })
    await expect(call).rejects.toBe(reason)
    expect(await ids()).toEqual([])
  })

  it('is not mixed with queries from outside: they wait for it and see all of it or nothing', async () => {
    const order: string[] = []
    let proceed: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (proceed = resolve))
    const work = database.transaction(async (transaction) => {
      await add(transaction, 1)
      proceed()
      await add(transaction, 2)
      // The outer query has long been sent; a few round trips later it must still be waiting.
      for (let trip = 0; trip < 5; trip++) await transaction.query('select 1')
      order.push('transaction')
      throw new Error('undone')
    })
    await begun
    const outside = ids().then((rows) => {
      order.push('outside')
      return rows
    })
    await expect(work).rejects.toThrow('undone')
    expect(await outside).toEqual([])
    expect(order).toEqual(['transaction', 'outside'])
  })

  it('runs one after another when many are asked for at once', async () => {
    await add(database, 0, '0')
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.transaction(async (transaction) => {
          const [row] = await transaction.query<{ name: string }>('select name from items where id = 0')
          await transaction.query('update items set name = $1 where id = 0', [`${Number(row?.name) + 1}`])
        }),
      ),
    )
    expect(await database.query('select name from items')).toEqual([{ name: '20' }])
  })

  it('that lost a statement is not told as kept, even when its work went on', async () => {
    const call = database.transaction(async (transaction) => {
      await add(transaction, 1)
      await failure(add(transaction, 1))
    })
    await expect(call).rejects.toBeInstanceOf(DatabaseError)
    expect(await ids()).toEqual([])
    await add(database, 7)
    expect(await ids()).toEqual([7])
  })

  it('refuses later statements once one has failed', async () => {
    const call = database.transaction(async (transaction) => {
      await failure(add(transaction, 1, 'x'.repeat(80)))
      await add(transaction, 2)
    })
    await expect(call).rejects.toMatchObject({ name: 'DatabaseError', sqlState: '25P02' })
    expect(await ids()).toEqual([])
  })

  it('whose commit is refused keeps nothing, and the next one works', async () => {
    const call = database.transaction(async (transaction) => {
      await add(transaction, 1)
      await transaction.query('insert into parts values (99)')
    })
    await expect(call).rejects.toMatchObject({ name: 'DatabaseError', sqlState: '23503' })
    expect(await ids()).toEqual([])
    await database.transaction((transaction) => add(transaction, 2))
    expect(await ids()).toEqual([2])
  })

  it('cannot be used once it is over', async () => {
    let kept: QueryRunner | undefined
    await database.transaction(async (transaction) => {
      kept = transaction
    })
    await expect(add(kept!, 1)).rejects.toMatchObject({ name: 'DatabaseError', sqlState: '25P01' })
    expect(await ids()).toEqual([])
  })

  it('refuses what would wait for itself: the database, or another transaction, from within', async () => {
    await database.transaction(async (transaction) => {
      await add(transaction, 1)
      await expect(database.query('select 1')).rejects.toThrow('use the transaction')
      await expect(database.transaction(async () => undefined)).rejects.toThrow('use the transaction')
    })
    expect(await ids()).toEqual([1])
  })
})

describe('close', () => {
  it('in the middle of a transaction keeps none of it, fails what waits, and ends', async () => {
    await add(database, 1)
    let begun: () => void = () => undefined
    const inside = new Promise<void>((resolve) => (begun = resolve))
    let proceed: () => void = () => undefined
    const closed = new Promise<void>((resolve) => (proceed = resolve))
    const first = failure(
      database.transaction(async (transaction) => {
        await add(transaction, 2)
        begun()
        await closed
        await add(transaction, 3)
      }),
    )
    await inside
    // Waits behind the first one when the close comes.
    const second = failure(database.transaction((transaction) => add(transaction, 4)))
    await database.close()
    proceed()
    expect((await first).message).toBe('the database is closed')
    expect(await second).toBeInstanceOf(Error)
    await expect(database.query('select 1')).rejects.toThrow('the database is closed')
    await expect(database.close()).resolves.toBeUndefined()

    database = await open()
    expect(await ids()).toEqual([1])
  })
})

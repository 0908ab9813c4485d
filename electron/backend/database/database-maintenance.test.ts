import fs from 'node:fs'
import path from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../logging/logger.js'
import { Database } from './database.js'
import { DatabaseMaintenance } from './database-maintenance.js'
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
  await database.execute('create table texts (id integer primary key, content text not null)')
})
afterAll(async () => {
  await database.close()
  fs.rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => database.execute(`truncate texts; insert into texts select id, repeat('word ', 300) from generate_series(1, 400) id; checkpoint`))

const eraseHalf = async (): Promise<number> => (await database.query('delete from texts where id > 200 returning id')).length
/** How often the table was vacuumed. */
const vacuums = async (): Promise<number> =>
  (await database.query<{ count: number }>(`select vacuum_count::int as count from pg_stat_user_tables where relname = 'texts'`))[0]?.count ?? 0
const tableSize = async (): Promise<number> => (await database.query<{ size: number }>(`select pg_relation_size('texts')::int as size`))[0]?.size ?? 0

function capturingLogger(): { logger: pino.Logger; events: () => unknown[] } {
  const lines: string[] = []
  return {
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    events: () => lines.map((line) => (JSON.parse(line) as { event: unknown }).event),
  }
}

describe('DatabaseMaintenance', () => {
  it('erases, then gives the room back', async () => {
    const { logger, events } = capturingLogger()
    const maintenance = new DatabaseMaintenance({ database, eraseDeleted: eraseHalf, logger })
    const before = { size: await tableSize(), vacuums: await vacuums() }
    await maintenance.round()
    expect(await tableSize()).toBeLessThan(before.size)
    expect(await vacuums()).toBe(before.vacuums + 1)
    expect(events()).toEqual(['maintenance'])
  })

  it('leaves the database alone when nothing was erased, but goes over it once an hour', async () => {
    const maintenance = new DatabaseMaintenance({ database, eraseDeleted: async () => 0, logger: createLogger('silent') })
    const before = await vacuums()
    for (let round = 1; round < 60; round++) await maintenance.round()
    expect(await vacuums()).toBe(before)
    await maintenance.round()
    expect(await vacuums()).toBe(before + 1)
  })

  it('logs a round that failed without its text, and the next one works', async () => {
    const { logger, events } = capturingLogger()
    let rounds = 0
    const eraseDeleted = async (): Promise<number> => {
      rounds += 1
      if (rounds === 1) throw new Error('made to fail')
      return eraseHalf()
    }
    const maintenance = new DatabaseMaintenance({ database, eraseDeleted, logger })
    await expect(maintenance.round()).resolves.toBeUndefined()
    await maintenance.round()
    expect(events()).toEqual(['maintenance_failed', 'maintenance'])
    expect(await database.query('select count(*)::int as rows from texts')).toEqual([{ rows: 200 }])
  })

  it('never runs two rounds at once', async () => {
    let running = 0
    let most = 0
    let calls = 0
    const eraseDeleted = async (): Promise<number> => {
      calls += 1
      most = Math.max(most, ++running)
      await database.query('select 1')
      running -= 1
      return 0
    }
    const maintenance = new DatabaseMaintenance({ database, eraseDeleted, logger: createLogger('silent') })
    await Promise.all([maintenance.round(), maintenance.round(), maintenance.round()])
    expect({ most, calls }).toEqual({ most: 1, calls: 1 })
    await maintenance.round()
    expect(calls).toBe(2)
  })

  it('runs by itself at its interval until it is stopped', async () => {
    let calls = 0
    let reached: () => void = () => undefined
    const twice = new Promise<void>((resolve) => (reached = resolve))
    const eraseDeleted = async (): Promise<number> => {
      calls += 1
      if (calls === 2) reached()
      return 0
    }
    const maintenance = new DatabaseMaintenance({ database, eraseDeleted, logger: createLogger('silent'), intervalMs: 5 })
    maintenance.start()
    await twice
    maintenance.stop()
    const atStop = calls
    // A timer that was not cleared would fire before this one, which is longer than its interval.
    await new Promise((resolve) => setTimeout(resolve, 25))
    expect(calls).toBe(atStop)
  })
})

/** The migrations as they were released, and the schema that they make. */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { Database } from './database.js'
import { FolderVersionError } from './data-folder.js'
import { migrate } from './migrate.js'
import { migrations } from './migrations/migrations.js'
import { copyTemplate } from './testing/database-template.js'

/** SHA-256 of each released migration's SQL, by version. A new migration adds a line here; no line is ever changed. */
const released: Readonly<Record<number, string>> = {
  1: '0c327e81d7e085b1c8ddbe78a919823343631f99e9cd04a5f206741b186e090e',
  2: '4dc033b3d89c25fffca870674277a13605443122ee3af0f3fab6b2e554bc2345',
  3: '1e1313b0a38b8ee7fbebda7ede4f4eb55b18cd6305e1e4ae8e03d69c01a7230e',
  4: '1bfe75aca9e504fd6f99c4eb3975b163598e502519ef3b27c603da1f41629916',
  5: 'c3bf067facceff1c2ee563894fef25119b7d1f34517913e282f2b0458eec189c',
  6: '4b9bcd0f385395c92b7e0df5e39a6e4219660c24324ca3699fadfa14f705a024',
}

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

describe('the migrations', () => {
  it('are numbered from 1 without gaps, each with a name', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1))
    for (const { name } of migrations) expect(name.trim()).not.toBe('')
  })

  it.each(migrations.map(({ version, sql }) => ({ version, sql })))('number $version is the one that was released', ({ version, sql }) => {
    const hash = createHash('sha256').update(sql).digest('hex')
    const sentence =
      released[version] === undefined
        ? `Migration ${version} is new: add its hash ${hash} to this test.`
        : `Migration ${version} was released and folders were made with it: put it back as it was, and add a new migration after the last one.`
    expect(hash, sentence).toBe(released[version])
  })

  it('are all there that were released', () => {
    expect(Object.keys(released).map(Number)).toEqual(migrations.map(({ version }) => version))
  })

  it('make this schema', async () => {
    const lines = async (title: string, sql: string): Promise<string> => {
      const rows = await database.query<{ line: string }>(sql)
      return `${title}\n${rows.map(({ line }) => `  ${line}`).join('\n')}\n`
    }
    const schema = [
      await lines(
        'Columns',
        `select format('%s.%s %s%s%s', table_name, column_name,
            case when data_type = 'ARRAY' then udt_name else data_type end || coalesce('(' || coalesce(character_maximum_length, case when data_type like 'timestamp%' then nullif(datetime_precision, 6) end) || ')', ''),
            case is_nullable when 'NO' then ' not null' else '' end,
            coalesce(' default ' || column_default, case is_identity when 'YES' then ' identity' else '' end)) as line
          from information_schema.columns where table_schema = 'public' order by table_name collate "C", ordinal_position`,
      ),
      await lines('Indexes', `select indexdef as line from pg_indexes where schemaname = 'public' order by indexname collate "C"`),
      await lines(
        'Constraints',
        `select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as line
          from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n' order by conrelid::regclass::text collate "C", conname collate "C"`,
      ),
      await lines('Triggers', `select pg_get_triggerdef(oid) as line from pg_trigger where not tgisinternal order by tgname collate "C"`),
      await lines(
        'Functions',
        `select regexp_replace(pg_get_functiondef(oid), '\\s+', ' ', 'g') as line from pg_proc where pronamespace = 'public'::regnamespace order by proname collate "C"`,
      ),
    ].join('\n')
    await expect(schema).toMatchFileSnapshot('./testing/schema.snapshot.txt')
  })
})

describe('migrate', () => {
  it('records each migration once, and does nothing on a database that is up to date', async () => {
    const recorded = () => database.query<{ version: number; name: string }>('select version, name, applied_at from schema_migrations order by version')
    const before = await recorded()
    expect(before.map(({ version, name }) => ({ version, name }))).toEqual(migrations.map(({ version, name }) => ({ version, name })))
    await migrate(database)
    expect(await recorded()).toEqual(before)
  })

  it('refuses a database of a newer program and changes nothing', async () => {
    const future = migrations.length + 1
    await database.query(`insert into schema_migrations (version, name) values ($1, 'from the future')`, [future])
    await expect(migrate(database)).rejects.toBeInstanceOf(FolderVersionError)
    expect(await database.query('select max(version) as version from schema_migrations')).toEqual([{ version: future }])
    await database.query('delete from schema_migrations where version = $1', [future])
  })
})

describe('a message that has its final state', () => {
  const person = uuidv7()
  const conversation = uuidv7()
  let sequence = 0
  beforeAll(async () => {
    await database.query(`insert into users (patient_id, full_name, role) values ($1, 'Somebody', 'guest')`, [person])
    await database.query('insert into conversations (conversation_id, patient_id) values ($1, $2)', [conversation, person])
  })
  const message = async (state: string): Promise<string> => {
    const id = uuidv7()
    await database.query(`insert into chat_messages (message_id, conversation_id, sequence, role, content, state) values ($1, $2, $3, 'assistant', 'as it was', $4)`, [
      id,
      conversation,
      ++sequence,
      state,
    ])
    return id
  }
  const row = async (id: string) => (await database.query<Record<string, unknown>>('select * from chat_messages where message_id = $1', [id]))[0]

  const changes = {
    content: `content = 'otherwise'`,
    state: `state = 'streaming'`,
    role: `role = 'user'`,
    sequence: 'sequence = 9999',
    parent: 'parent_id = gen_random_uuid()',
    conversation: 'conversation_id = gen_random_uuid()',
    model: `model_used = 'another'`,
    metadata: `message_metadata = '{"a": 1}'`,
  }
  it.each(Object.entries(changes))('keeps its %s', async (_name, change) => {
    for (const state of ['complete', 'partial', 'stopped']) {
      const id = await message(state)
      const before = await row(id)
      const update = database.query(`update chat_messages set ${change} where message_id = $1`, [id])
      await expect(update).rejects.toMatchObject({ sqlState: '23514', constraint: 'chat_messages_final' })
      expect(await row(id)).toEqual(before)
    }
  })

  it('may still be deleted, restored and superseded', async () => {
    const id = await message('complete')
    await database.query('update chat_messages set deleted_at = now() where message_id = $1', [id])
    expect((await row(id))?.['deleted_at']).not.toBeNull()
    await database.query('update chat_messages set deleted_at = null, superseded_at = now() where message_id = $1', [id])
    expect(await row(id)).toMatchObject({ deleted_at: null, content: 'as it was' })
    expect((await row(id))?.['superseded_at']).not.toBeNull()
    await database.query('delete from chat_messages where message_id = $1', [id])
    expect(await row(id)).toBeUndefined()
  })

  it('was free to change while it was streaming', async () => {
    const id = await message('streaming')
    await database.query(`update chat_messages set content = 'more' where message_id = $1`, [id])
    await database.query(`update chat_messages set content = 'all', state = 'complete', model_used = 'm' where message_id = $1`, [id])
    expect(await row(id)).toMatchObject({ content: 'all', state: 'complete', model_used: 'm' })
  })
})

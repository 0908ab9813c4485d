/** Numbered, additive migrations: each runs once, in its own transaction, and is recorded. */
import type { Database } from './database.js'
import { FolderVersionError } from './data-folder.js'
import { migrations } from './migrations/migrations.js'

export interface Migration {
  /** Its number: 1, 2, 3 … without gaps. */
  version: number
  name: string
  sql: string
}

/** Brings the database to the newest version. Throws FolderVersionError when it was written by a newer CareChat. */
export async function migrate(database: Database): Promise<void> {
  await database.execute('create table if not exists schema_migrations (version integer primary key, name text not null, applied_at timestamptz not null default now())')
  const [row] = await database.query<{ version: number | null }>('select max(version) as version from schema_migrations')
  const current = row?.version ?? 0
  if (current > migrations.length) throw new FolderVersionError()
  for (const migration of migrations.slice(current)) {
    await database.transaction(async (transaction) => {
      await transaction.execute(migration.sql)
      await transaction.query('insert into schema_migrations (version, name) values ($1, $2)', [migration.version, migration.name])
    })
  }
}

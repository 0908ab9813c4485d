/** Opens a folder that no thread has open with PGlite alone, as a second opinion: what is in it, and whether tables and indexes agree. */
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { PGlite } from '@electric-sql/pglite'
import { amcheck } from '@electric-sql/pglite/contrib/amcheck'

// Compiled once for all the folders that a test file looks into.
let wasm: Promise<WebAssembly.Module> | undefined

function compiled(): Promise<WebAssembly.Module> {
  const file = createRequire(import.meta.url).resolve('@electric-sql/pglite').replace(/index\.cjs$/, 'pglite.wasm')
  return (wasm ??= WebAssembly.compile(fs.readFileSync(file)))
}

/**
 * Returns the rows of `sql` after amcheck went through every table and every B-tree index, comparing each index with its table.
 * Throws when it finds damage, or when the folder does not open.
 */
export async function inspectDatabase<Row>(databasePath: string, sql: string): Promise<Row[]> {
  const database = await PGlite.create({ dataDir: databasePath, extensions: { amcheck }, pgliteWasmModule: await compiled() })
  try {
    await database.exec('create extension if not exists amcheck')
    await database.query(`
      select bt_index_check(index.indexrelid, true)
      from pg_index index join pg_class class on class.oid = index.indexrelid join pg_am method on method.oid = class.relam
      where method.amname = 'btree' and class.relpersistence = 'p' and index.indisvalid`)
    const { rows: damaged } = await database.query<{ name: string; msg: string }>(`
      select class.relname as name, damage.msg
      from pg_class class cross join lateral verify_heapam(class.oid) damage
      where class.relkind in ('r', 't', 'm') and class.relpersistence = 'p'`)
    if (damaged.length > 0) throw new Error(`amcheck found damage in ${damaged.map(({ name, msg }) => `${name}: ${msg}`).join('; ')}`)
    return (await database.query<Row>(sql)).rows
  } finally {
    await database.close()
  }
}

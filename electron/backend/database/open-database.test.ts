/** The data folder in every state in which a start can find it. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { create } from 'tar'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../logging/logger.js'
import { diskFailureExitCode } from '../process-messages.js'
import { FolderVersionError } from './data-folder.js'
import { Database, DatabaseThreadEndedError } from './database.js'
import { FolderInUseError } from './folder-lock.js'
import { migrations } from './migrations/migrations.js'
import { openDatabase, type OpenDatabaseOptions, type OpenedDatabase } from './open-database.js'
import { copyTemplate, databaseTemplate } from './testing/database-template.js'
import { DiskControl } from './testing/disk-control.js'
import { testFolder } from './testing/test-folder.js'

const sourceUrl = (name: string): URL => new URL(name, import.meta.url)
const folders: string[] = []
let archive: string

beforeAll(async () => {
  const template = await databaseTemplate()
  const folder = testFolder('archive')
  archive = path.join(folder, 'prepared.tar')
  await create({ gzip: { level: 1 }, file: archive, cwd: template, portable: true }, fs.readdirSync(template))
  return () => fs.rmSync(folder, { recursive: true, force: true })
})
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true })
})

function emptyFolder(): string {
  const folder = testFolder('open')
  folders.push(folder)
  return folder
}

async function filledFolder(): Promise<string> {
  const folder = await copyTemplate()
  folders.push(folder)
  return folder
}

const open = (folder: string, options: Partial<OpenDatabaseOptions> = {}): Promise<OpenedDatabase> =>
  openDatabase({
    folder,
    preparedArchive: archive,
    onThreadEnd: (exitCode) => {
      throw new Error(`the database thread ended with ${exitCode}`)
    },
    logger: createLogger('silent'),
    now: () => new Date('2026-03-04T05:06:07.890Z'),
    ...options,
  })

const newestVersion = async ({ database }: OpenedDatabase): Promise<unknown> =>
  (await database.query<{ version: number }>('select max(version) as version from schema_migrations'))[0]?.version

/** What Postgres writes or drops at every start and end, whatever the state of the rest. */
const rewrittenAtStart = /pg_internal\.init$|^global[/\\]pg_control$|^postmaster\.|^pg_wal[/\\][0-9A-F]{24}$|^pg_(subtrans|stat|logical)/

/** Every file below a folder with the digest of its bytes. */
function digests(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    found[path.relative(folder, file)] = entry.isFile() ? createHash('sha256').update(fs.readFileSync(file)).digest('hex') : 'folder'
  }
  return found
}

describe('the first start', () => {
  it('unpacks the prepared database: migrated, for this user only, and it stays between starts', async () => {
    const folder = emptyFolder()
    const opened = await open(folder)
    expect(opened.quarantined).toBe(false)
    expect(await newestVersion(opened)).toBe(migrations.length)
    await opened.database.query(`insert into settings (scope, key, value) values ('device', 'kept', '1')`)
    await opened.close()
    expect(fs.readdirSync(folder).sort()).toEqual(['VERSION', 'database'])
    expect(fs.readFileSync(path.join(folder, 'VERSION'), 'utf8')).toBe('1\n')
    if (process.platform !== 'win32') expect(fs.statSync(path.join(folder, 'database')).mode & 0o077).toBe(0)

    const again = await open(folder)
    expect(await again.database.query(`select value from settings where key = 'kept'`)).toEqual([{ value: 1 }])
    await again.close()
  })

  it('makes a database itself where none is shipped, in a folder that does not exist yet', async () => {
    const folder = path.join(emptyFolder(), 'not', 'there')
    const opened = await open(folder, { preparedArchive: path.join(folder, 'no-such.tar') })
    expect(opened.quarantined).toBe(false)
    expect(await newestVersion(opened)).toBe(migrations.length)
    await opened.close()
    expect(fs.readdirSync(folder).sort()).toEqual(['VERSION', 'database'])
  })

  it('that was killed in the middle of unpacking leaves nothing that the next one stumbles over', async () => {
    const folder = emptyFolder()
    const code = `import { DataFolder } from ${JSON.stringify(sourceUrl('data-folder.ts').href)}
      const folder = new DataFolder(process.argv[1])
      folder.create()
      folder.checkVersion()
      folder.unpackPrepared(process.argv[2]).then(() => process.stdout.write('whole'))`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code, folder, archive], { stdio: 'ignore' })
    const halfMade = path.join(folder, `database.new-${child.pid}`)
    const watcher = fs.watch(folder)
    // Killed as soon as the temporary folder appears: its thousand files take much longer.
    for await (const _ of eventsOf(watcher)) if (fs.existsSync(halfMade)) break
    child.kill('SIGKILL')
    await once(child, 'exit')
    watcher.close()
    expect(fs.existsSync(halfMade)).toBe(true)
    expect(fs.existsSync(path.join(folder, 'database'))).toBe(false)

    const opened = await open(folder)
    expect(opened.quarantined).toBe(false)
    expect(await newestVersion(opened)).toBe(migrations.length)
    await opened.close()
    expect(fs.readdirSync(folder).sort()).toEqual(['VERSION', 'database'])
  })
})

async function* eventsOf(watcher: fs.FSWatcher): AsyncGenerator<unknown> {
  for (;;) yield await once(watcher, 'change')
}

describe('a folder that somebody has', () => {
  it('is refused to a second opener, unharmed, and free after the close', async () => {
    const folder = await filledFolder()
    const first = await open(folder)
    await expect(open(folder)).rejects.toBeInstanceOf(FolderInUseError)
    await first.database.query(`insert into settings (scope, key, value) values ('device', 'kept', '1')`)
    await first.close()
    const second = await open(folder)
    expect(await second.database.query('select key from settings')).toEqual([{ key: 'kept' }])
    await second.close()
  })
})

describe('a folder of another version', () => {
  const changes: Record<string, (folder: string) => void> = {
    'a newer layout': (folder) => fs.writeFileSync(path.join(folder, 'VERSION'), '2\n'),
    'a layout that cannot be read': (folder) => fs.writeFileSync(path.join(folder, 'VERSION'), ''),
    'an older Postgres': (folder) => fs.writeFileSync(path.join(folder, 'database', 'PG_VERSION'), '17\n'),
    'a newer Postgres': (folder) => fs.writeFileSync(path.join(folder, 'database', 'PG_VERSION'), '19\n'),
  }
  it.each(Object.keys(changes))('is refused and left as it is: %s', async (name) => {
    const folder = emptyFolder()
    fs.mkdirSync(path.join(folder, 'database', 'base'), { recursive: true })
    fs.writeFileSync(path.join(folder, 'database', 'base', '1'), 'rows')
    fs.writeFileSync(path.join(folder, 'database', 'PG_VERSION'), '18\n')
    fs.writeFileSync(path.join(folder, 'VERSION'), '1\n')
    changes[name]!(folder)
    const before = digests(folder)
    await expect(open(folder)).rejects.toBeInstanceOf(FolderVersionError)
    expect(digests(folder)).toEqual(before)
  })

  it('is refused when a newer program migrated it, keeps its rows, and can be opened by that program again', async () => {
    const folder = await filledFolder()
    const newer = await open(folder)
    await newer.database.query(`insert into schema_migrations (version, name) values ($1, 'from the future')`, [migrations.length + 1])
    await newer.database.query(`insert into settings (scope, key, value) values ('device', 'kept', '1')`)
    await newer.close()
    await expect(open(folder)).rejects.toBeInstanceOf(FolderVersionError)
    expect(fs.readdirSync(folder).sort()).toEqual(['VERSION', 'database'])

    // The refused start let go of folder and lock: what a newer program would do works.
    const database = await Database.open({ folder: path.join(folder, 'database'), onThreadEnd: () => undefined })
    expect(await database.query('select key from settings')).toEqual([{ key: 'kept' }])
    expect(await database.query('select count(*)::int as count from schema_migrations')).toEqual([{ count: migrations.length + 1 }])
    await database.close()
  })
})

describe('a damaged database', () => {
  const inDatabase = (folder: string, ...names: string[]): string => path.join(folder, 'database', ...names)
  const fill = (file: string): void => fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size, 0x5a))
  const damages: Record<string, (folder: string) => void> = {
    'its control file is empty': (folder) => fs.truncateSync(inDatabase(folder, 'global', 'pg_control'), 0),
    'its write-ahead log is garbage': (folder) => {
      for (const name of fs.readdirSync(inDatabase(folder, 'pg_wal'))) if (/^[0-9A-F]{24}$/.test(name)) fill(inDatabase(folder, 'pg_wal', name))
    },
    'a file that it needs is missing': (folder) => fs.rmSync(inDatabase(folder, 'global', 'pg_filenode.map')),
    'PG_VERSION is missing, over which PGlite would make a new one': (folder) => fs.rmSync(inDatabase(folder, 'PG_VERSION')),
    'it is a file': (folder) => {
      fs.rmSync(inDatabase(folder), { recursive: true })
      fs.writeFileSync(inDatabase(folder), 'not a folder')
    },
  }

  it.each(Object.keys(damages))('is set aside with all its bytes and replaced: %s', async (name) => {
    const folder = await filledFolder()
    damages[name]!(folder)
    const isFolder = fs.statSync(inDatabase(folder)).isDirectory()
    const before = isFolder ? digests(inDatabase(folder)) : {}
    const started = performance.now()
    const opened = await open(folder)
    expect(performance.now() - started).toBeLessThan(50_000)
    expect(opened.quarantined).toBe(true)
    expect(await newestVersion(opened)).toBe(migrations.length)
    await opened.close()

    const aside = path.join(folder, 'quarantine', 'database-2026-03-04T05-06-07-890Z')
    expect(fs.readdirSync(path.join(folder, 'quarantine'))).toEqual([path.basename(aside)])
    if (isFolder) {
      const after = digests(aside)
      const lost = Object.keys(before).filter((name) => !rewrittenAtStart.test(name) && after[name] !== before[name])
      expect(lost).toEqual([])
    } else expect(fs.readFileSync(aside, 'utf8')).toBe('not a folder')
  })

  it('is set aside when a table that the start reads is garbage', async () => {
    const folder = await filledFolder()
    const first = await open(folder)
    const [table] = await first.database.query<{ file: string }>(`select pg_relation_filepath('schema_migrations') as file`)
    await first.close()
    fill(inDatabase(folder, table!.file))
    const opened = await open(folder)
    expect(opened.quarantined).toBe(true)
    expect(await newestVersion(opened)).toBe(migrations.length)
    await opened.close()
    expect(fs.readdirSync(path.join(folder, 'quarantine'))).toHaveLength(1)

    const next = await open(folder)
    expect(next.quarantined).toBe(false)
    await next.close()
  })

  it('that does not open in time is given up, set aside and replaced', async () => {
    const folder = await filledFolder()
    const opening = open(folder, { workerSource: sourceUrl('testing/hanging-database-worker.ts'), openTimeoutMs: 400 })
    await expect(opening).resolves.toMatchObject({ quarantined: true })
    await (await opening).close()
    expect(fs.readdirSync(path.join(folder, 'quarantine'))).toHaveLength(1)
  })
})

describe('a database whose last start was cut off', () => {
  it("opens in spite of Postgres's own lock file, which a cut in the middle of its writing leaves empty", async () => {
    const folder = await filledFolder()
    fs.writeFileSync(path.join(folder, 'database', 'postmaster.pid'), '')
    const opened = await open(folder)
    expect(opened.quarantined).toBe(false)
    await opened.close()
  })
})

describe('a failing disk', () => {
  it('at the start is told, and the database is neither set aside nor changed', async () => {
    const folder = await filledFolder()
    const control = new DiskControl()
    control.failAt(1, 'any', 'EIO')
    const ends: number[] = []
    const opening = open(folder, {
      onThreadEnd: (exitCode) => ends.push(exitCode),
      workerSource: sourceUrl('testing/faulty-database-worker.ts'),
      workerData: { disk: control.memory },
    })
    await expect(opening).rejects.toBeInstanceOf(DatabaseThreadEndedError)
    expect(ends).toEqual([diskFailureExitCode])
    expect(fs.readdirSync(folder).sort()).toEqual(['VERSION', 'database'])
    const opened = await open(folder)
    expect(opened.quarantined).toBe(false)
    await opened.close()
  })
})

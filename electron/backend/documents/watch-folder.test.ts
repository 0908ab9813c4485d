import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DocumentFailureCode } from './parsing/document-failure.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { createLogger } from '../logging/logger.js'
import type { NewFile, TakenIn } from './documents-service.js'
import type { UploadRow } from './tables.js'
import { WatchFolder } from './watch-folder.js'

/** The documents that came from the folder, by their ids; a file's content is its document, `bad` fails. */
class FakeDocuments {
  readonly rows = new Map<string, { path: string; content: string; size: number; modifiedMs: number }>()
  #lastId = 0

  async takeIn({ bytes, watched, scope, addedBy }: NewFile): Promise<TakenIn> {
    expect(scope).toEqual({ audience: 'ward', ownerId: null })
    expect(addedBy).toBeNull()
    const content = new TextDecoder().decode(bytes)
    if (content.startsWith('bad')) throw new ContractError('document_unreadable' satisfies DocumentFailureCode)
    for (const [documentId, row] of this.rows) if (row.content === content) return { documentId, duplicate: true }
    if (watched?.replaces) this.rows.delete(watched.replaces)
    const documentId = `document-${++this.#lastId}`
    this.rows.set(documentId, { path: watched?.path ?? '', content, size: bytes.length, modifiedMs: Math.round(watched?.modifiedMs ?? 0) })
    return { documentId, duplicate: false }
  }

  async erase(documentId: string): Promise<void> {
    this.rows.delete(documentId)
  }

  async watched(): Promise<(UploadRow & { watchPath: string })[]> {
    return [...this.rows].map(([documentId, row]) => ({ documentId, watchPath: row.path, sizeBytes: row.size, watchModifiedMs: row.modifiedMs }) as UploadRow & { watchPath: string })
  }

  async touch(documentId: string, modifiedMs: number): Promise<void> {
    const row = this.rows.get(documentId)
    if (row) row.modifiedMs = modifiedMs
  }

  contents(): string[] {
    return [...this.rows.values()].map((row) => row.content).sort()
  }
}

let folder: string
let documents: FakeDocuments
let watch: WatchFolder

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carechat-watch-'))
  documents = new FakeDocuments()
  watch = new WatchFolder({ documents, uploads: documents, logger: createLogger('silent'), settleMs: 0, lookEveryMs: 3_600_000 })
})
afterEach(async () => {
  await watch.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

const put = (name: string, content: string): void => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  fs.writeFileSync(path.join(folder, name), content)
}
/** Two looks: the first sees the files, the second that they stay as they are. */
async function look(): Promise<void> {
  await watch.look()
  await watch.look()
}

describe('WatchFolder', () => {
  it('takes in what is there and what comes, replaces what changes and erases what goes', async () => {
    put('one.txt', 'first')
    put('below/two.txt', 'second')
    watch.setFolder(folder)
    await look()
    expect(documents.contents()).toEqual(['first', 'second'])
    expect(watch.describe()).toEqual({ state: 'watching', problems: [] })
    put('one.txt', 'first, changed')
    put('three.txt', 'third')
    fs.rmSync(path.join(folder, 'below/two.txt'))
    await look()
    expect(documents.contents()).toEqual(['first, changed', 'third'])
  })

  it('leaves alone what was only touched, and what another CareChat start knows already', async () => {
    put('one.txt', 'first')
    watch.setFolder(folder)
    await look()
    const [id] = documents.rows.keys()
    fs.utimesSync(path.join(folder, 'one.txt'), new Date(), new Date(Date.now() + 5000))
    await look()
    expect([...documents.rows.keys()]).toEqual([id])
    await watch.close()
    watch = new WatchFolder({ documents, uploads: documents, logger: createLogger('silent'), settleMs: 0, lookEveryMs: 3_600_000 })
    watch.setFolder(folder)
    await look()
    expect([...documents.rows.keys()]).toEqual([id])
  })

  it('waits for a file that is still growing', async () => {
    await watch.close()
    watch = new WatchFolder({ documents, uploads: documents, logger: createLogger('silent'), settleMs: 50, lookEveryMs: 3_600_000 })
    put('growing.txt', 'a')
    watch.setFolder(folder)
    await watch.look()
    put('growing.txt', 'a and more')
    await watch.look()
    expect(documents.contents()).toEqual([])
    await expect.poll(() => documents.contents(), { timeout: 5000 }).toEqual(['a and more'])
  })

  it('passes over files that programs put down for a while, and links', async () => {
    for (const name of ['~$plan.docx', '.hidden.txt', 'copy.part', 'x.tmp', 'movie.crdownload', 'Thumbs.db', '.git/config.txt']) put(name, `content of ${name}`)
    fs.symlinkSync('/etc/hostname', path.join(folder, 'link.txt'))
    watch.setFolder(folder)
    await look()
    expect(documents.contents()).toEqual([])
  })

  it('shows what cannot be taken in until it is mended or gone', async () => {
    put('broken.pdf', 'bad content')
    put('good.txt', 'good')
    watch.setFolder(folder)
    await look()
    expect(watch.describe().problems).toEqual([{ file_name: 'broken.pdf', code: 'document_unreadable' }])
    put('broken.pdf', 'mended content')
    await look()
    expect(watch.describe().problems).toEqual([])
    expect(documents.contents()).toEqual(['good', 'mended content'])
    put('broken.pdf', 'bad again')
    await look()
    // What was read before stays until the file can be read again.
    expect(documents.contents()).toEqual(['good', 'mended content'])
    fs.rmSync(path.join(folder, 'broken.pdf'))
    await look()
    expect(watch.describe().problems).toEqual([])
    expect(documents.contents()).toEqual(['good'])
  })

  it('lets one of two equal files stand for both', async () => {
    put('a.txt', 'same')
    put('b.txt', 'same')
    watch.setFolder(folder)
    await look()
    expect(documents.contents()).toEqual(['same'])
    const first = [...documents.rows.values()][0]?.path ?? ''
    fs.rmSync(first)
    await look()
    await look()
    expect(documents.contents()).toEqual(['same'])
    expect([...documents.rows.values()][0]?.path).not.toBe(first)
  })

  it('erases nothing when the folder is not there, and goes on when it is', async () => {
    put('one.txt', 'first')
    watch.setFolder(folder)
    await look()
    fs.renameSync(folder, `${folder}-away`)
    await look()
    expect(watch.describe().state).toBe('missing')
    expect(documents.contents()).toEqual(['first'])
    fs.renameSync(`${folder}-away`, folder)
    await look()
    expect(watch.describe().state).toBe('watching')
    expect(documents.contents()).toEqual(['first'])
    watch.setFolder('')
    await look()
    expect(watch.describe().state).toBe('off')
    expect(documents.contents()).toEqual(['first'])
    watch.setFolder('relative/folder')
    await look()
    expect(watch.describe().state).toBe('missing')
  })

  it('notices a new file by itself', async () => {
    watch.setFolder(folder)
    await look()
    put('new.txt', 'new')
    await expect.poll(() => documents.contents(), { timeout: 10_000 }).toEqual(['new'])
  })
})

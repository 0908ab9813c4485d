import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type OpenedDatabase } from '../../database/open-database.js'
import { createLogger } from '../../logging/logger.js'
import { DocumentStore } from './document-store.js'
import type { IndexedPassage } from './document.js'
import { readPassagePage } from './passage-page.js'

let root: string
let opened: OpenedDatabase
let store: DocumentStore

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'document-store-'))
  opened = await openDatabase({ folder: join(root, 'data'), preparedArchive: null, onThreadEnd: () => undefined, logger: createLogger('silent'), now: () => new Date() })
  store = new DocumentStore(opened.database)
  await opened.database.query(`insert into documents (document_id, lang, kind, title, audience, content, content_hash, reviewed_by, reviewed, keywords, page_starts)
    select 'doc-' || n, lang, 'clinical_summary', 'Title "' || n || '" – é', case n when 3 then 'ward' else 'public' end, '', '', '', n = 2, array['k' || n, 'a,b'], case n when 1 then array[0, 100, 200] end
    from generate_series(1, 5) n, unnest(array['en', 'fr']) lang`)
  await opened.database.query(`insert into passages (passage_id, document_id, lang, ordinal, heading, content, start_offset, end_offset, audience, content_hash)
    select gen_random_uuid(), 'doc-' || n, lang, ordinal, 'H > ' || ordinal, E'Line\\n"' || ordinal || '" \\ œ 😀', ordinal * 10, ordinal * 10 + 9, case n when 3 then 'ward' else 'public' end, 'hash-' || n || lang || ordinal
    from generate_series(1, 5) n, unnest(array['en', 'fr']) lang, generate_series(0, 250) ordinal`)
}, 60_000)
afterAll(async () => {
  await opened.close()
  await rm(root, { recursive: true, force: true })
})

async function read(documentId: string | null): Promise<{ pages: number[]; passages: IndexedPassage[] }> {
  const pages: number[] = []
  const passages: IndexedPassage[] = []
  for await (const page of store.passagePages(documentId)) {
    const found = readPassagePage(page)
    pages.push(found.length)
    passages.push(...found)
  }
  return { pages, passages }
}

describe('DocumentStore.passagePages', () => {
  it('gives every passage once and in order, a thousand a page, with what its document says', async () => {
    const { pages, passages } = await read(null)
    expect(pages).toEqual([1000, 1000, 510])
    expect(new Set(passages.map(({ passageId }) => passageId)).size).toBe(2510)
    expect(passages.map(({ documentId, lang, ordinal }) => `${documentId}/${lang}/${ordinal}`)).toEqual(
      [1, 2, 3, 4, 5].flatMap((n) => ['en', 'fr'].flatMap((lang) => Array.from({ length: 251 }, (_, ordinal) => `doc-${n}/${lang}/${ordinal}`))),
    )
    expect(passages[251 * 3 + 7]).toEqual({
      passageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      documentId: 'doc-2',
      lang: 'fr',
      ordinal: 7,
      heading: 'H > 7',
      content: 'Line\n"7" \\ œ 😀',
      start: 70,
      end: 79,
      audience: 'public',
      ownerId: null,
      contentHash: 'hash-2fr7',
      title: 'Title "2" – é',
      keywords: ['k2', 'a,b'],
      reviewed: true,
    })
    expect(passages.filter(({ audience }) => audience === 'ward')).toHaveLength(502)
    expect(passages.slice(0, 25).map(({ page }) => page)).toEqual([...Array(10).fill(1), ...Array(10).fill(2), ...Array(5).fill(3)])
  })

  it('gives the passages of one document, and none of one that is not there', async () => {
    const { passages } = await read('doc-4')
    expect(passages).toHaveLength(502)
    expect(new Set(passages.map(({ documentId }) => documentId))).toEqual(new Set(['doc-4']))
    expect((await read('nowhere')).pages).toEqual([])
  })

  it('can be left in the middle', async () => {
    for await (const page of store.passagePages(null)) {
      expect(readPassagePage(page)).toHaveLength(1000)
      break
    }
    expect((await read('doc-1')).passages).toHaveLength(502)
  })
})

describe('DocumentStore embeddings', () => {
  it('gives back the very numbers that were kept, by content and model', async () => {
    const vector = Float32Array.from({ length: 384 }, (_, at) => Math.sin(at) / 3)
    await store.writeEmbeddings('one', new Map([['a', vector], ['b', Float32Array.of(1, 2)]]))
    const found = await store.readEmbeddings('one', ['a', 'b', 'c'])
    expect(found).toEqual(new Map([['a', vector], ['b', Float32Array.of(1, 2)]]))
    expect((await store.readEmbeddings('other', ['a'])).size).toBe(0)
  })
})

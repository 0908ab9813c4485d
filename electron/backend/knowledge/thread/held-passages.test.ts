import { describe, expect, it } from 'vitest'
import type { IndexedPassage } from '../passages/document.js'
import { HeldPassages } from './held-passages.js'

const passage = (documentId: string, ordinal: number, changes: Partial<IndexedPassage> = {}): IndexedPassage => ({
  passageId: `${documentId}-${changes.lang ?? 'en'}-${ordinal}`,
  documentId,
  lang: 'en',
  ordinal,
  heading: '',
  content: 'Text.',
  start: 0,
  end: 5,
  audience: 'public',
  ownerId: null,
  contentHash: 'hash',
  title: 'Title',
  keywords: ['word', 'other'],
  reviewed: false,
  ...changes,
})
const ids = (passages: readonly IndexedPassage[]): string[] => passages.map(({ passageId }) => passageId)

function synced(held: HeldPassages, documentId: string | null, pages: readonly IndexedPassage[][]): { fresh: string[]; gone: string[] } {
  held.begin(documentId)
  return { fresh: pages.flatMap((page) => ids(held.take(page))), gone: held.end() }
}

describe('HeldPassages', () => {
  it('tells what is new or changed and what is gone, over all pages', () => {
    const held = new HeldPassages()
    expect(synced(held, null, [[passage('a', 0), passage('a', 1)], [passage('b', 0)]])).toEqual({ fresh: ['a-en-0', 'a-en-1', 'b-en-0'], gone: [] })
    expect(synced(held, null, [[passage('a', 0), passage('a', 1)], [passage('b', 0)]])).toEqual({ fresh: [], gone: [] })
    expect(synced(held, null, [[passage('a', 1), passage('c', 0)]])).toEqual({ fresh: ['c-en-0'], gone: ['a-en-0', 'b-en-0'] })
    expect(held.get('a-en-1')).toEqual(passage('a', 1))
    expect(held.get('a-en-0')).toBeUndefined()
  })

  it.each<[string, Partial<IndexedPassage>]>([
    ['audience', { audience: 'ward' }],
    ['owner', { audience: 'owner', ownerId: 'somebody' }],
    ['review', { reviewed: true }],
    ['page', { page: 3 }],
    ['keywords', { keywords: ['word', 'another'] }],
    ['number of keywords', { keywords: ['word'] }],
    ['text', { content: 'Other text.', contentHash: 'other' }],
  ])('sees a changed %s', (_name, changes) => {
    const held = new HeldPassages()
    synced(held, null, [[passage('a', 0)]])
    expect(synced(held, null, [[passage('a', 0, changes)]]).fresh).toEqual(['a-en-0'])
    expect(held.get('a-en-0')).toEqual(passage('a', 0, changes))
    expect(synced(held, null, [[passage('a', 0)]]).fresh).toEqual(['a-en-0'])
  })

  it('brings one document into step and leaves the others alone', () => {
    const held = new HeldPassages()
    synced(held, null, [[passage('a', 0), passage('a', 1), passage('b', 0)]])
    expect(synced(held, 'a', [[passage('a', 1)]])).toEqual({ fresh: [], gone: ['a-en-0'] })
    expect(held.get('b-en-0')).toBeDefined()
    expect(synced(held, 'a', [])).toEqual({ fresh: [], gone: ['a-en-1'] })
    expect(synced(held, 'unknown', [])).toEqual({ fresh: [], gone: [] })
  })

  it('begins anew where the sync before was broken off', () => {
    const held = new HeldPassages()
    synced(held, null, [[passage('a', 0)]])
    held.begin(null)
    held.take([])
    expect(synced(held, null, [[passage('a', 0)]])).toEqual({ fresh: [], gone: [] })
    expect(held.end()).toEqual([])
  })

  it('counts how far each document is', () => {
    const held = new HeldPassages()
    synced(held, null, [[passage('a', 0), passage('a', 1), passage('b', 0)]])
    const hasVector = (passageId: string): boolean => passageId === 'a-en-1'
    expect(held.progress(null, hasVector)).toEqual([{ documentId: 'a', total: 2, done: 1 }, { documentId: 'b', total: 1, done: 0 }])
    expect(held.progress('b', hasVector)).toEqual([{ documentId: 'b', total: 1, done: 0 }])
    expect(held.progress('gone', hasVector)).toEqual([{ documentId: 'gone', total: 0, done: 0 }])
  })

  it('wants vectors of the side that the model understands, and of documents without such a side', () => {
    const held = new HeldPassages()
    const french = (documentId: string): IndexedPassage => passage(documentId, 0, { lang: 'fr' })
    synced(held, null, [[passage('both', 0), french('both'), french('only')]])
    expect(ids(held.toEmbed(['en']))).toEqual(['both-en-0', 'only-fr-0'])
    expect(ids(held.toEmbed(['en', 'fr']))).toEqual(['both-en-0', 'both-fr-0', 'only-fr-0'])
  })
})

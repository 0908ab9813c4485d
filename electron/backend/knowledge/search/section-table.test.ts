import { describe, expect, it } from 'vitest'
import { ConditionFinder } from '../conditions/condition-finder.js'
import type { IndexedPassage } from '../passages/document.js'
import { SectionTable } from './section-table.js'

const conditions = new ConditionFinder([
  { id: 'asthma', names: { en: ['Asthma'], fr: ['Asthme'] }, signs: 'wheeze', said: { en: ['my chest whistles at night'], fr: ['ma poitrine siffle la nuit'] } },
])
const everything = { audiences: ['public', 'ward', 'owner'], userId: 'one' } as const
const limit = { count: 10, minimum: 0 }

let ids = 0
function passage(documentId: string, ordinal: number, more: Partial<IndexedPassage> = {}): IndexedPassage {
  const id = `p${++ids}`
  return {
    passageId: id,
    documentId,
    lang: 'en',
    ordinal,
    heading: '',
    content: `text ${id}`,
    start: 0,
    end: 1,
    audience: 'public',
    ownerId: null,
    contentHash: id,
    title: documentId,
    keywords: [],
    reviewed: false,
    ...more,
  }
}

function tableOf(passages: readonly IndexedPassage[]): SectionTable {
  const table = new SectionTable(conditions)
  for (const one of passages) table.add(one)
  table.refresh()
  return table
}

describe('SectionTable', () => {
  it('keeps a short document as one section with both of its sides', () => {
    const passages = [passage('a', 0), passage('a', 1), passage('a', 0, { lang: 'fr' })]
    const table = tableOf(passages)
    expect(new Set(passages.map((one) => table.sectionOf(one.passageId))).size).toBe(1)
  })

  it('divides a long document where its first heading changes, and else every twelve passages', () => {
    const chapters = ['Asthma', 'Asthma > Treatment', 'Burns'].flatMap((heading, chapter) => Array.from({ length: 10 }, (_, at) => passage('book', chapter * 10 + at, { heading })))
    const table = tableOf(chapters)
    const sections = [...new Set(chapters.map((one) => table.sectionOf(one.passageId)))]
    expect(sections.map((section) => section?.passages.length)).toEqual([12, 8, 10])
    // The chapter's heading names the condition where the title does not.
    const found = [...table.byCondition('his chest whistles', 'en', everything, limit).keys()]
    expect(found.map((section) => section.passages[0]?.heading)).toEqual(['Asthma', 'Asthma > Treatment'])
  })

  it('finds by keyword and condition only what the scope may read, and nothing of a removed document', () => {
    const own = passage('Asthma', 0, { audience: 'owner', ownerId: 'one', content: 'inhaler' })
    const ward = passage('Asthma at night', 0, { audience: 'ward', content: 'inhaler' })
    const table = tableOf([own, ward])
    const read = (scope: Parameters<SectionTable['byKeyword']>[2]): string[][] => [
      [...table.byKeyword('inhaler', 'en', scope, limit).keys()].map((section) => section.documentId).sort(),
      [...table.byCondition('my chest whistles', 'en', scope, limit).keys()].map((section) => section.documentId).sort(),
    ]
    const both = ['Asthma', 'Asthma at night']
    expect(read(everything)).toEqual([both, both])
    expect(read({ audiences: ['public', 'owner'], userId: 'one' })).toEqual([['Asthma'], ['Asthma']])
    expect(read({ audiences: ['public', 'owner'], userId: 'two' })).toEqual([[], []])
    expect(read({ ...everything, documentIds: ['Asthma at night'] })).toEqual([['Asthma at night'], ['Asthma at night']])
    expect(read({ ...everything, reviewedOnly: true })).toEqual([[], []])
    table.remove(own)
    expect(table.refresh()).toBe(true)
    expect(table.refresh()).toBe(false)
    expect(read(everything)).toEqual([['Asthma at night'], ['Asthma at night']])
    expect(table.sectionOf(own.passageId)).toBeUndefined()
  })

  it('follows a passage that changed its text', () => {
    const before = passage('a', 0, { content: 'fever' })
    const table = tableOf([before])
    table.add({ ...before, content: 'cough' })
    table.refresh()
    expect(table.byKeyword('fever', 'en', everything, limit).size).toBe(0)
    expect(table.byKeyword('cough', 'en', everything, limit).size).toBe(1)
  })
})

/** The shipped articles hold to the form that answering and opening a source rely on. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { IngestedDocument } from '../passages/document.js'
import { readArticles } from './article-reader.js'

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'data', 'knowledge')

/** The sections in their order, English and French side by side. */
const sections = [
  ['In short', 'En bref'],
  ['Signs', 'Signes'],
  ['Danger signs: come now', 'Signes de danger : venez tout de suite'],
  ['What you can do', 'Ce que vous pouvez faire'],
  ['What not to do', "Ce qu'il ne faut pas faire"],
  ['When to come to the hospital', "Quand venir à l'hôpital"],
  ['How it is treated', 'Comment cela se soigne'],
  ['Prevention', 'Prévention'],
  ['At the hospital', "À l'hôpital"],
] as const
const dangerSection = 2
const leastArticles = 100

const headings = (document: IngestedDocument): string[] => [...document.content.matchAll(/^## (.+)$/gm)].map(([, heading]) => (heading ?? '').replaceAll('’', "'").replaceAll(' ', ' ').trim())

describe('the knowledge base', () => {
  let documents: IngestedDocument[] = []
  let sides: { id: string; en: IngestedDocument; fr: IngestedDocument }[] = []

  beforeAll(async () => {
    const read = await readArticles(folder)
    expect(read.problems).toEqual([])
    documents = read.documents
    sides = [...new Set(documents.map((document) => document.documentId))].flatMap((id) => {
      const en = documents.find((document) => document.documentId === id && document.lang === 'en')
      const fr = documents.find((document) => document.documentId === id && document.lang === 'fr')
      return en && fr ? [{ id, en, fr }] : []
    })
  })

  it('has more than a hundred articles, each in both languages', () => {
    expect(sides.length).toBeGreaterThanOrEqual(leastArticles)
    expect(documents.length).toBe(sides.length * 2)
  })

  it('uses the known sections, the same ones in the same order on both sides', () => {
    for (const { id, en, fr } of sides) {
      const numbers = headings(en).map((heading) => sections.findIndex(([english]) => english === heading))
      expect(numbers, id).not.toContain(-1)
      expect(headings(fr), id).toEqual(numbers.map((number) => sections[number]?.[1]))
      expect(numbers, id).toContain(0)
    }
  })

  it('says that no clinician has reviewed an article until one has, and names at least two sources', () => {
    for (const { id, en } of sides) {
      if (!en.reviewed) expect(en.reviewedBy, id).toBe('not yet reviewed by a clinician')
      else expect(en.reviewedBy, id).not.toBe('not yet reviewed by a clinician')
      expect(en.sources.length, id).toBeGreaterThanOrEqual(2)
    }
  })

  it('is short enough to be read at a kiosk and long enough to help', () => {
    for (const document of documents) {
      const words = document.content.split(/\s+/).length
      expect(words, `${document.documentId} ${document.lang}`).toBeGreaterThan(240)
      expect(words, `${document.documentId} ${document.lang}`).toBeLessThan(700)
    }
  })

  it('tells nobody that they have a disease, and gives no dose in milligrams', () => {
    for (const document of documents) {
      expect(document.content, `${document.documentId} ${document.lang}`).not.toMatch(/\b\d+([.,]\d+)?\s?mg\b(?!\s*(?:per|par|\/))/i)
      expect(document.content, `${document.documentId} ${document.lang}`).not.toMatch(/^(?:you have|vous avez) (?:a |an |un |une |le |la )?(?:malaria|paludisme|cancer|diab)/im)
    }
  })

  it('has a section of danger signs wherever it says so', () => {
    const withDanger = sides.filter(({ en }) => headings(en).includes(sections[dangerSection][0]))
    expect(withDanger.length).toBeGreaterThan(sides.length / 2)
  })
})

import { describe, expect, it } from 'vitest'
import type { IndexedPassage } from '../passages/document.js'
import { PassageChoice } from './passage-choice.js'
import { PassageTerms } from './passage-terms.js'
import type { Section } from './section-table.js'

const passage = (documentId: string, ordinal: number, content: string, lang: 'en' | 'fr' = 'en', heading = 'Signs'): IndexedPassage => ({
  passageId: `${documentId}-${lang}-${ordinal}`,
  documentId,
  lang,
  ordinal,
  heading,
  content,
  start: 0,
  end: content.length,
  audience: 'public',
  ownerId: null,
  contentHash: content,
  title: documentId,
  keywords: [],
  reviewed: false,
})
const section = (slot: number, ...passages: IndexedPassage[]): Section => ({ slot, documentId: passages[0]?.documentId ?? '', title: '', passages })
const choice = (more: Partial<ConstructorParameters<typeof PassageChoice>[0]> = {}): PassageChoice =>
  new PassageChoice({
    language: 'en',
    terms: { en: new Map([['fever', 2], ['child', 1]]), fr: new Map() },
    passageTerms: new PassageTerms(),
    cosine: null,
    leastNearness: null,
    conditionShare: () => 0,
    ...more,
  })

const malaria = section(0, passage('malaria', 0, 'A net keeps mosquitoes away.'), passage('malaria', 1, 'Fever in a child needs a test.'), passage('malaria', 2, 'Fever comes and goes.'))
const flu = section(1, passage('flu', 0, 'Flu gives fever.'))

describe('PassageChoice', () => {
  it('takes the passage of each section that holds most of the question, and a second one behind', () => {
    const chosen = choice().choose([{ item: malaria, score: 1 }, { item: flu, score: 0.9 }], 3)
    expect(chosen.map((one) => one.passage.passageId)).toEqual(['malaria-en-1', 'flu-en-0', 'malaria-en-2'])
    expect(choice().choose([{ item: malaria, score: 1 }, { item: flu, score: 0.9 }], 1)).toHaveLength(1)
  })

  it('shows the asker’s language side, also when the other side was hit', () => {
    const both = section(2, passage('cholera', 0, 'Water.'), passage('cholera', 1, 'Fever of a child.', 'en', 'Treatment'), passage('cholera', 0, 'Eau.', 'fr'), passage('cholera', 1, 'Soins.', 'fr', 'Traitement'))
    const [first] = choice({ language: 'fr' }).choose([{ item: both, score: 1 }], 1)
    expect(first?.passage.passageId).toBe('cholera-fr-1')
    const [only] = choice({ language: 'fr' }).choose([{ item: malaria, score: 1 }], 1)
    expect(only?.passage.lang).toBe('en')
  })

  it('repeats no text, and leaves out what is not near enough by any measure', () => {
    const again = section(3, passage('copy', 0, 'FEVER in a child needs a test.'))
    expect(choice().choose([{ item: malaria, score: 1 }, { item: again, score: 0.9 }], 5).map((one) => one.passage.documentId)).not.toContain('copy')
    const far = choice({ leastNearness: 0.9 })
    expect(far.choose([{ item: malaria, score: 1 }, { item: flu, score: 1 }], 5).map((one) => one.passage.passageId)).toEqual(['malaria-en-1'])
    const byMeaning = choice({ leastNearness: 0.9, cosine: (one) => (one.documentId === 'flu' ? 0.95 : 0) })
    expect(byMeaning.choose([{ item: flu, score: 1 }], 5)).toHaveLength(1)
    expect(choice({ leastNearness: 0.9, conditionShare: () => 0.95 }).choose([{ item: flu, score: 1 }], 5)).toHaveLength(1)
  })
})

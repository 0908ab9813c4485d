import { describe, expect, it } from 'vitest'
import { pairPassages, type PairablePassage } from './passage-pairs.js'

const side = (lang: 'en' | 'fr', headings: string[], documentId = 'd'): PairablePassage[] => headings.map((heading, ordinal) => ({ documentId, lang, ordinal, heading }))
const pairsOf = (pairs: Map<PairablePassage, PairablePassage[]>, passage: PairablePassage | undefined): number[] =>
  (passage ? (pairs.get(passage) ?? []) : []).map((other) => other.ordinal).sort()

describe('pairPassages', () => {
  it('pairs section by section, in both directions, also when a section has more passages on one side', () => {
    const english = side('en', ['In short', 'Signs', 'Signs', 'Prevention'])
    const french = side('fr', ['En bref', 'Signes', 'Signes', 'Signes', 'Prévention'])
    const pairs = pairPassages([...french, ...english])
    expect(english.map((passage) => pairsOf(pairs, passage))).toEqual([[0], [1, 2], [2, 3], [4]])
    expect(french.map((passage) => pairsOf(pairs, passage))).toEqual([[0], [1], [1, 2], [2], [3]])
  })

  it('pairs by length where the sections do not correspond', () => {
    const pairs = pairPassages([...side('en', ['A', 'B']), ...side('fr', ['C'])])
    expect([...pairs.values()].map((others) => others.length)).toEqual([1, 2, 1])
  })

  it('leaves a document of one language and other documents alone', () => {
    expect(pairPassages([...side('en', ['A'], 'one'), ...side('fr', ['A'], 'two')]).size).toBe(0)
  })
})

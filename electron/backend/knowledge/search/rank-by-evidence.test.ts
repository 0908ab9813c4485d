import { describe, expect, it } from 'vitest'
import { rankByEvidence } from './rank-by-evidence.js'

const evidence = {
  byVector: new Map([
    ['stroke', 0.4],
    ['toothache', 0.5],
  ]),
  byKeyword: new Map([['toothache', 0.15]]),
  byCondition: new Map([
    ['stroke', 0.4],
    ['migraine', 0.1],
  ]),
}
const order = (given: Parameters<typeof rankByEvidence<string>>[0]): string[] => rankByEvidence(given).map(({ item }) => item)

describe('rankByEvidence', () => {
  it('lets the conditions lead where the texts share few of the question’s words', () => {
    expect(order({ ...evidence, ownWordsShare: 0.15 })[0]).toBe('stroke')
  })

  it('leaves a question in the texts’ own words to the texts', () => {
    const direct = { ...evidence, byVector: new Map([['toothache', 0.75], ['stroke', 0.6]]), byKeyword: new Map([['toothache', 0.8]]), ownWordsShare: 0.8 }
    expect(order(direct)[0]).toBe('toothache')
    // And then does not even list what the conditions alone would bring before them.
    expect(order(direct).indexOf('migraine')).toBe(2)
  })

  it('works by keyword and condition alone, gives scores between 0 and 1, and nothing for nothing', () => {
    const ranked = rankByEvidence({ ...evidence, byVector: new Map<string, number>(), ownWordsShare: 0.1 })
    expect(ranked.map(({ item }) => item)).toEqual(['stroke', 'toothache', 'migraine'])
    for (const { score } of ranked) {
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(1)
    }
    expect(rankByEvidence({ byVector: new Map(), byKeyword: new Map(), byCondition: new Map(), ownWordsShare: 0 })).toEqual([])
  })
})

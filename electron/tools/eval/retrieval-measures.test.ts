import { describe, expect, it } from 'vitest'
import { ndcg10, recall3, reciprocalRank10 } from './retrieval-measures.js'

const judgements = new Map([
  ['a', 2],
  ['b', 1],
  ['c', 2],
])

describe('retrieval measures', () => {
  it('gives 1 to the ideal order and less to any other', () => {
    expect(ndcg10(['a', 'c', 'b', 'x'], judgements)).toBe(1)
    // By hand: (1 + 3/log2(3) + 3/2) / (3 + 3/log2(3) + 1/2)
    expect(ndcg10(['b', 'a', 'c'], judgements)).toBeCloseTo((1 + 3 / Math.log2(3) + 3 / 2) / (3 + 3 / Math.log2(3) + 1 / 2), 10)
    expect(ndcg10(['x', 'y'], judgements)).toBe(0)
    expect(ndcg10([...'defghijklm', 'a'], judgements)).toBe(0)
  })

  it('counts the good ones of the first three against those that could be there', () => {
    expect(recall3(['a', 'x', 'c'], judgements)).toBe(1)
    expect(recall3(['a', 'b', 'x', 'c'], judgements)).toBe(0.5)
    expect(recall3(['a'], new Map([['a', 1]]))).toBe(0)
  })

  it('takes the rank of the first good one', () => {
    expect(reciprocalRank10(['b', 'a'], judgements)).toBe(0.5)
    expect(reciprocalRank10(['b'], judgements)).toBe(0)
  })
})

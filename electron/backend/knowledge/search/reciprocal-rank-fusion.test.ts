import { describe, expect, it } from 'vitest'
import { reciprocalRankFusion } from './reciprocal-rank-fusion.js'

describe('reciprocalRankFusion', () => {
  it('sums 1 / (60 + rank) over the lists, as a share of the most that can be reached', () => {
    const fused = reciprocalRankFusion([
      ['a', 'b', 'c'],
      ['b', 'd'],
    ])
    expect(fused.map(({ item }) => item)).toEqual(['b', 'a', 'd', 'c'])
    expect(fused[0]?.score).toBeCloseTo(((1 / 62 + 1 / 61) * 61) / 2, 12)
    expect(reciprocalRankFusion([['x'], ['x']])).toEqual([{ item: 'x', score: 1 }])
    expect(reciprocalRankFusion([[], []])).toEqual([])
  })
})

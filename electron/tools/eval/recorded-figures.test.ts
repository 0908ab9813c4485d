import { describe, expect, it } from 'vitest'
import { wilsonInterval } from './confidence-interval.js'
import { drops } from './recorded-figures.js'

describe('drops', () => {
  const recorded = new Map([
    ['complaints.dev en recall@3', 0.7],
    ['redflags.dev fr false alarms', 0.05],
    ['memory.dev en mean tokens', 200],
  ])

  it('tells what is worse, whichever way is worse, and nothing else', () => {
    const figures = [
      { set: 'complaints.dev', lang: 'en', measure: 'recall@3', value: 0.69 },
      { set: 'redflags.dev', lang: 'fr', measure: 'false alarms', value: 0.1, lowerIsBetter: true },
      { set: 'memory.dev', lang: 'en', measure: 'mean tokens', value: 290, informative: true },
      { set: 'unknown', lang: 'en', measure: 'recall@3', value: 0 },
    ]
    expect(drops(figures, recorded)).toEqual(['complaints.dev en recall@3: 0.690, recorded 0.700', 'redflags.dev fr false alarms: 0.100, recorded 0.050'])
  })

  it('lets the last digits differ', () => {
    expect(drops([{ set: 'complaints.dev', lang: 'en', measure: 'recall@3', value: 0.6975 }], recorded)).toEqual([])
  })
})

describe('wilsonInterval', () => {
  it('is wide for few trials and stays within 0 and 1', () => {
    const [low, high] = wilsonInterval(24, 24)
    expect(low).toBeCloseTo(0.862, 3)
    expect(high).toBeCloseTo(1, 10)
    expect(wilsonInterval(0, 0)).toEqual([0, 1])
  })
})

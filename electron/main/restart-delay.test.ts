import { describe, expect, it } from 'vitest'
import { RestartDelay } from './restart-delay.js'

describe('RestartDelay', () => {
  it('doubles from a quarter of a second to ten seconds', () => {
    const delay = new RestartDelay()
    expect(Array.from({ length: 8 }, () => delay.next(1_000))).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  })

  it('is short again after a minute of health, and not before', () => {
    const delay = new RestartDelay()
    delay.next(0)
    delay.next(0)
    expect(delay.next(59_999)).toBe(1_000)
    expect(delay.next(60_000)).toBe(250)
  })
})

import { describe, expect, it } from 'vitest'
import { RateLimiter } from './rate-limiter.js'

describe('the rate limiter', () => {
  it('allows a burst of a minute’s calls, then as many as come back, and says how long to wait', () => {
    let now = 0
    const limiter = new RateLimiter(60, () => now)
    for (let count = 0; count < 60; count++) expect(limiter.take('a', 'ask')).toBe(0)
    expect(limiter.take('a', 'ask')).toBe(1)
    now = 999
    expect(limiter.take('a', 'ask')).toBe(1)
    now = 1000
    expect(limiter.take('a', 'ask')).toBe(0)
    expect(limiter.take('a', 'ask')).toBe(1)
    // Full again, and no fuller.
    now = 3_600_000
    for (let count = 0; count < 60; count++) expect(limiter.take('a', 'ask')).toBe(0)
    expect(limiter.take('a', 'ask')).toBe(1)
  })

  it('counts callers and classes apart: reads ten times as many, free ones never', () => {
    const limiter = new RateLimiter(1, () => 0)
    expect(limiter.take('a', 'ask')).toBe(0)
    expect(limiter.take('a', 'ask')).toBe(60)
    expect(limiter.take('b', 'ask')).toBe(0)
    for (let count = 0; count < 10; count++) expect(limiter.take('a', 'read')).toBe(0)
    expect(limiter.take('a', 'read')).toBe(6)
    for (let count = 0; count < 100; count++) expect(limiter.take('a', 'free')).toBe(0)
  })

  it('loses nothing to a clock that is set back', () => {
    let now = 1_000_000
    const limiter = new RateLimiter(1, () => now)
    limiter.take('a', 'ask')
    now = 0
    expect(limiter.take('a', 'ask')).toBe(60)
    now = 60_000
    expect(limiter.take('a', 'ask')).toBe(0)
  })

  it('forgets the callers that were quiet longest when there are too many', () => {
    const limiter = new RateLimiter(1, () => 0)
    for (let count = 0; count < 10_001; count++) limiter.take(String(count), 'ask')
    expect(limiter.take('10000', 'ask')).toBe(60)
    expect(limiter.take('0', 'ask')).toBe(0)
  })
})

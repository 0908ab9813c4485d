import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from './parse-retry-after.js'

const now = Date.parse('2026-03-01T08:00:00Z')

describe('parseRetryAfter', () => {
  it.each([
    ['1', 1_000],
    ['0', 0],
    [' 2.5 ', 2_500],
    ['Sun, 01 Mar 2026 08:00:04 GMT', 4_000],
    ['Sun, 01 Mar 2026 07:00:00 GMT', 0],
  ])('reads %j as %d ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected)
  })

  it.each([null, undefined, '', 'soon', '-1x'])('does not read %j', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined()
  })
})

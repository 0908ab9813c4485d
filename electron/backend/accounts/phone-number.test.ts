import { describe, expect, it } from 'vitest'
import { normalisePhoneNumber } from './phone-number.js'

describe('a phone number', () => {
  it.each([
    ['677123456', '+237677123456'],
    ['6 77 12 34 56', '+237677123456'],
    ['6-77.12.34(56)', '+237677123456'],
    ['+237 677 12 34 56', '+237677123456'],
    ['00237677123456', '+237677123456'],
    ['00 237 6 77 12 34 56', '+237677123456'],
    ['  +237677123456\t', '+237677123456'],
    ['+33 6 12 34 56 78', '+33612345678'],
    ['0033612345678', '+33612345678'],
    ['+237123456789', '+237123456789'],
  ])('typed as "%s" is %s', (typed, normalised) => expect(normalisePhoneNumber(typed)).toBe(normalised))

  it.each(['', 'abcdefgh', '12', '+', '+999999999999', '67712345678901234', 'call me at 677123456 now', "677123456'; drop table users; --", '677123456 <script>', '+237+677123456'])(
    'is refused: "%s"',
    (typed) => {
      expect(() => normalisePhoneNumber(typed)).toThrow(expect.objectContaining({ code: 'validation_failed', fields: [expect.objectContaining({ field: 'phone_number', code: 'invalid_phone' })] }))
    },
  )
})

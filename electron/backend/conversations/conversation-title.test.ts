import { describe, expect, it } from 'vitest'
import { conversationTitle } from './conversation-title.js'

describe('a conversation’s title', () => {
  it.each([
    ['Headache', 'Headache'],
    ['  two\n\n lines\tand spaces ', 'two lines and spaces'],
    ['x'.repeat(50), 'x'.repeat(50)],
    ['I have been experiencing headaches for the past week', 'I have been experiencing headaches for the past…'],
    ['x'.repeat(51), `${'x'.repeat(49)}…`],
    // A cut that would end in a comma does not.
    [`${'a'.repeat(30)}, ${'b'.repeat(30)}`, `${'a'.repeat(30)}…`],
  ])('of "%s" is "%s"', (message, title) => expect(conversationTitle(message)).toBe(title))

  it('has at most 50 units and no half of a pair, wherever the cut falls', () => {
    for (let length = 40; length < 60; length++) {
      const title = conversationTitle(`${'x'.repeat(length)}${'🤒'.repeat(10)}`)
      expect(title.length).toBeLessThanOrEqual(50)
      expect(title).not.toMatch(/\p{Surrogate}/u)
      expect(title.endsWith('…')).toBe(true)
    }
  })
})

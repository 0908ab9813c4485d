import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SentenceBuffer } from './sentence-buffer.js'

function cut(pieces: readonly string[]): string[] {
  const buffer = new SentenceBuffer()
  const sentences = pieces.flatMap((piece) => buffer.push(piece))
  return [...sentences, buffer.flush()].filter((sentence) => sentence !== '')
}

describe('a sentence buffer', () => {
  it.each([
    ['Drink water. Rest. Come back!', ['Drink water. ', 'Rest. ', 'Come back!']],
    ['Sleep under a net [1]. Drink. [2] Rest [3][4].', ['Sleep under a net [1]. ', 'Drink. [2] ', 'Rest [3][4].']],
    ['Ask Dr. Mbarga at 2.30. He knows.', ['Ask Dr. Mbarga at 2.30. ', 'He knows.']],
    ['Take e.g. water. Vous avez mal ? Venez !', ['Take e.g. water. ', 'Vous avez mal ? ', 'Venez !']],
    ['Signs:\n- fever\n- cough\n\n1. Drink water.\n2. Rest.', ['Signs:\n', '- fever\n', '- cough\n\n', '1. Drink water.\n', '2. Rest.']],
    ['38.5 °C is a fever. It needs approx. two days.', ['38.5 °C is a fever. ', 'It needs approx. two days.']],
    ['**Danger.** Come now.', ['**Danger.** ', 'Come now.']],
  ])('cuts %j', (text, sentences) => {
    expect(cut([text])).toEqual(sentences)
    expect(cut([...text])).toEqual(sentences)
  })

  it('loses nothing and cuts the same however the text comes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('Drink', ' ', '. ', '.', '\n', '[1]', ' [2', '] ', 'Dr', '! ', 'a', '12', '- ', '«', '»', '?\u00a0')), fc.array(fc.nat(12)), (parts, cuts) => {
        const text = parts.join('')
        const pieces: string[] = []
        let at = 0
        for (const length of cuts) pieces.push(text.slice(at, (at += length + 1)))
        pieces.push(text.slice(at))
        expect(cut(pieces).join('')).toBe(text)
        expect(cut(pieces)).toEqual(cut([text]))
      }),
      { numRuns: 300 },
    )
  })
})

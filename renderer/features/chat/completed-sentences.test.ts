import { describe, expect, it } from 'vitest'
import { completedSentences } from './completed-sentences.js'

/** Feeds a text piece by piece, as it is written, and collects what is said. */
function read(text: string, size: number): string[] {
  const said: string[] = []
  let from = 0
  for (let end = size; end < text.length + size; end += size) {
    const { sentences, length } = completedSentences(text.slice(0, end), from)
    said.push(...sentences)
    from = length
  }
  return said
}

describe('completedSentences', () => {
  const text = 'Drink **water** often [1]. A fever of 38.5 °C is high! Is it malaria? [1, 2]\n\n## Signs\n- Very sleepy\n1. Come now.\n'
  const said = ['Drink water often .', 'A fever of 38.5 °C is high!', 'Is it malaria?', 'Signs', 'Very sleepy', '1. Come now.']

  it('says each finished sentence and line once, without marks and citations', () => {
    expect(read(text, text.length)).toEqual(said)
  })

  it('says the same however the text arrives', () => {
    for (const size of [1, 3, 7, 20]) expect(read(text, size).join(' '), `pieces of ${size}`).toBe(said.join(' '))
  })

  it('waits for the end of a sentence', () => {
    expect(completedSentences('The temperature is 38.', 0)).toEqual({ sentences: [], length: 0 })
    expect(completedSentences('The temperature is 38.5 today. And', 0)).toEqual({ sentences: ['The temperature is 38.5 today.'], length: 31 })
  })
})

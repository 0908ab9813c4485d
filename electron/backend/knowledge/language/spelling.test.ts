import { describe, expect, it } from 'vitest'
import { Spelling } from './spelling.js'

function spelling(language: 'en' | 'fr', words: string): Spelling {
  const known = new Spelling(language)
  known.addText(words)
  return known
}

describe('Spelling', () => {
  it('mends a slip by the nearest known word and leaves everything else as it was written', () => {
    const english = spelling('en', 'diarrhoea hydralazine breathing since my child')
    expect(english.mend('My child: diarhoea since 3 days, Hydrslazine 25mg?')).toBe('My child: diarrhoea since 3 days, hydralazine 25mg?')
    expect(english.mend('breathe breathings')).toBe('breathe breathings')
    // Small words are never mended, though no index holds them.
    expect(spelling('en', 'scratching against').mend('again scratchin')).toBe('again scratching')
  })

  it('takes French run together apart', () => {
    const french = spelling('fr', "urine école fièvre sommeil j'ai de la")
    expect(french.mend("jurine a lecole, j'ai de la fievr et pas de someil")).toBe("urine a ecole, j'ai de la fievr et pas de sommeil")
  })

  it('does not guess: an unlike word, a short one, a number and another first letter stay', () => {
    const french = spelling('fr', 'mammaire vivre fièvre')
    expect(french.mend('primaire ivre fiev zzzzzz 12345a Ngono')).toBe('primaire ivre fiev zzzzzz 12345a Ngono')
    expect(french.mend('')).toBe('')
  })
})

import { describe, expect, it } from 'vitest'
import { fold, tokenise } from './tokenise.js'

const spelling = new Map([['jai', ['je', 'ai']], ['cannot', ['cant']], ['pa', ['pas']]])
const words = (text: string): string[] => tokenise(text, spelling).map((token) => token.word)

describe('tokenise', () => {
  it('folds accents, capitals and drawn-out letters', () => {
    expect(fold('ÉVANOUIE, cœur, heeeelp')).toBe('evanouie, coeur, help')
    expect(words('Fie\u0300vre')).toEqual(['fievre'])
  })

  it('resolves apostrophes of both languages', () => {
    expect(words("j'ai n’arrive l'eau qu'il s'il aujourd'hui")).toEqual(['je', 'ai', 'ne', 'arrive', 'le', 'eau', 'que', 'il', 'si', 'il', 'aujourdhui'])
    expect(words("I'm he's can't don't mummy's")).toEqual(['i', 'he', 'cant', 'dont', 'mummy'])
  })

  it('maps spellings', () => {
    expect(words('jai pa, cannot')).toEqual(['je', 'ai', 'pas', 'cant'])
  })

  it('reads numbers in digits and words, apart from their unit', () => {
    expect(tokenise('38,9 then 7mois and three', spelling).map((token) => token.number)).toEqual([38.9, null, 7, null, null, 3])
    expect(words('185/115')).toEqual(['185', '/', '115'])
  })

  it('keeps the place in the text and the punctuation before', () => {
    const text = 'Oui. J’ai mal'
    const tokens = tokenise(text, spelling)
    expect(tokens.map((token) => text.slice(token.start, token.end))).toEqual(['Oui', 'J’ai', 'J’ai', 'mal'])
    expect(tokens.map((token) => token.afterPunctuation)).toEqual([false, true, false, false])
  })
})

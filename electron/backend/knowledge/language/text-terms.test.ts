import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import stemmers from 'snowball-stemmers'
import { describe, expect, it } from 'vitest'
import { foldedWords, stemWord, textTerms } from './text-terms.js'

const articles = join(import.meta.dirname, '../../../../data/knowledge')

describe('stemWord', () => {
  it('gives in English what the Snowball library gives, for the articles’ words and for any letters with any ending', () => {
    const snowball = stemmers.newStemmer('english')
    const check = (word: string): void => {
      expect(stemWord(word, 'en')).toBe(word.length < 4 || /\d/.test(word) ? word : snowball.stem(word))
    }
    for (const article of readdirSync(articles, { withFileTypes: true })) {
      if (article.isDirectory()) for (const word of foldedWords(readFileSync(join(articles, article.name, 'en.md'), 'utf8'), 'en')) check(word)
    }
    const ending = fc.constantFrom('', 's', 'es', 'ies', 'ied', 'ed', 'eed', 'ing', 'edly', 'ingly', 'y', 'ly', 'ational', 'ization', 'iveness', 'fulness', 'ousli', 'biliti', 'logi', 'lessli', 'alize', 'icate', 'ative', 'ement', 'ion', 'ous', 'e', 'll')
    const beginning = fc.oneof(fc.constantFrom('gener', 'commun', 'arsen', 'skis', 'news', 'proceed', 'idl', 'dy', 'inning', 'bias'), fc.string({ unit: fc.constantFrom(...'aeiouybcdlmnrstvwx'), maxLength: 6 }))
    fc.assert(fc.property(beginning, ending, ending, (first, second, third) => {
        check(first + second + third)
      }), { numRuns: 5000 })
  })
})

describe('textTerms', () => {
  it('folds, undoes elisions, drops stop words and stems, in either language', () => {
    expect(textTerms("L'hémorragie et les Saignements", 'fr')).toEqual(['hemorrag', 'saign'])
    expect(textTerms("The child's fevers don't stop", 'en')).toEqual(['child', 'fever', 'stop'])
    expect(textTerms('', 'en')).toEqual([])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addToHash, emptyHash, WordTable } from './word-table.js'

const hashOf = (word: string): number => [...Array(word.length).keys()].reduce((hash, at) => addToHash(hash, word.charCodeAt(at)), emptyHash)
const numberOf = (table: WordTable, word: string, hash = hashOf(word)): number => table.numberOf(`<${word}>`, 1, 1 + word.length, hash)

describe('WordTable', () => {
  it('numbers words in the order in which they come, and knows them again', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), { maxLength: 200 }), (words) => {
        const table = new WordTable()
        const numbers = new Map<string, number>()
        for (const word of words) if (!numbers.has(word)) numbers.set(word, numbers.size)
        expect(words.map((word) => numberOf(table, word))).toEqual(words.map((word) => numbers.get(word)))
        expect(table.size).toBe(numbers.size)
      }),
    )
  })

  it('tells words apart whose hash is the same, and grows', () => {
    const table = new WordTable()
    const words = Array.from({ length: 20_000 }, (_, at) => `word ${at}`)
    const hash = (at: number): number => (at % 200 === 0 ? 7 : hashOf(words[at] ?? ''))
    const numbers = (): number[] => words.map((word, at) => numberOf(table, word, hash(at)))
    expect(numbers()).toEqual([...words.keys()])
    expect(numbers()).toEqual([...words.keys()])
    expect(table.size).toBe(20_000)
  })
})

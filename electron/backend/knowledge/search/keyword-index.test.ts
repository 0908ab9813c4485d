import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { textTerms } from '../language/text-terms.js'
import { KeywordIndex, type KeywordFields, type KeywordHit, type KeywordPart } from './keyword-index.js'
import { TermDictionary } from './term-dictionary.js'

const passage = (content: string, title = '', keywords: string[] = []): KeywordFields => ({ title, heading: '', content, keywords })
const everything = new Uint8Array(5000).fill(1)
const order = (hits: readonly KeywordHit[]): number[] => hits.map(({ slot }) => slot)

/** BM25 as its formula stands, over every passage. */
function byDefinition(
  passages: ReadonlyMap<number, KeywordFields>,
  parts: readonly KeywordPart[],
  readable: Uint8Array,
  { count, minimum }: { count: number; minimum: number },
): KeywordHit[] {
  const frequencies = new Map<number, Map<string, number>>()
  for (const [slot, { title, heading, content, keywords }] of passages) {
    const found = new Map<string, number>()
    const counted: [string[], number][] = [
      [textTerms(title, 'en'), 3],
      [textTerms(heading, 'en'), 1],
      [textTerms(content, 'en'), 1],
      [[...new Set(keywords.flatMap((keyword) => textTerms(keyword, 'en')))], 2],
    ]
    for (const [terms, weight] of counted) for (const term of terms) found.set(term, (found.get(term) ?? 0) + weight)
    frequencies.set(slot, found)
  }
  const lengthOf = (found: Map<string, number>): number => [...found.values()].reduce((sum, frequency) => sum + frequency, 0)
  const averageLength = [...frequencies.values()].reduce((sum, found) => sum + lengthOf(found), 0) / passages.size
  const weighed = parts.map(({ terms, share }) => {
    const asked = typeof terms === 'string' ? [...new Set(textTerms(terms, 'en'))].map((term) => ({ term, weight: 1 })) : terms
    const factors = asked.map(({ term, weight }) => {
      const matching = [...frequencies.values()].filter((found) => found.has(term)).length
      return { term, factor: weight * Math.log(1 + (passages.size - matching + 0.5) / (matching + 0.5)) * (1.2 + 1) }
    })
    return { factors, most: factors.reduce((sum, { factor }) => sum + factor, 0), share }
  })
  const hits = [...frequencies].flatMap(([slot, found]) => {
    if (readable[slot] !== 1) return []
    let score = 0
    let shared = false
    for (const { factors, most, share } of weighed) {
      let sum = 0
      for (const { term, factor } of factors) {
        const frequency = found.get(term) ?? 0
        if (frequency === 0) continue
        shared = true
        sum += (factor * frequency) / (frequency + 1.2 * (1 - 0.75 + (0.75 * lengthOf(found)) / averageLength))
      }
      if (factors.length > 0) score += (sum / most) * share
    }
    return shared && score >= minimum ? [{ slot, score }] : []
  })
  return hits.sort((one, other) => other.score - one.score || one.slot - other.slot).slice(0, count)
}

describe('KeywordIndex', () => {
  it('finds French words without accents, with elisions and other endings', () => {
    const index = new KeywordIndex('fr')
    index.add(0, passage("L'hémorragie et les saignements pendant la grossesse."))
    index.add(1, passage('Les fièvres de l’enfant.'))
    index.add(2, passage('La vaccination des nourrissons.'))
    expect(order(index.search('saignement', everything))).toEqual([0])
    expect(order(index.search("j'ai de la fievre", everything))).toEqual([1])
    expect(order(index.search("d'hemorragies", everything))).toEqual([0])
  })

  it('weighs the title and the keywords above a mention in the text', () => {
    const index = new KeywordIndex('en')
    index.add(0, passage('Fever can also come from malaria or an infection, with headache and great tiredness for several days.'))
    index.add(1, passage('It is passed on by mosquitoes at night.', 'Malaria'))
    index.add(2, passage('It is treated with tablets for three days.', '', ['malaria', 'palu']))
    expect(order(index.search('malaria', everything))).toEqual([1, 2, 0])
  })

  it('gives shares between 0 and 1 and ignores stop words', () => {
    const index = new KeywordIndex('en')
    index.add(0, passage('snake bite', 'snake bite', ['snake bite']))
    index.add(1, passage('dog bite'))
    for (const { score } of index.search('what should I do for the snake bite', everything)) {
      expect(score).toBeGreaterThan(0)
      expect(score).toBeLessThanOrEqual(1)
    }
    expect(index.search('what should I do', everything)).toEqual([])
    expect(index.search('', everything)).toEqual([])
  })

  it('forgets what is removed and never scores what may not be read', () => {
    const index = new KeywordIndex('en')
    index.add(0, passage('asthma'))
    index.add(1, passage('asthma'))
    expect(order(index.search('asthma', Uint8Array.of(0, 1)))).toEqual([1])
    expect(order(index.search('asthma', Uint8Array.of(1)))).toEqual([0])
    index.remove(1, passage('asthma'))
    expect(order(index.search('asthma', everything))).toEqual([0])
    index.remove(0, passage('asthma'))
    expect(index.search('asthma', everything)).toEqual([])
    expect(index.size).toBe(0)
  })

  it('refuses a slot that is in use', () => {
    const index = new KeywordIndex('en')
    index.add(3, passage('asthma'))
    expect(() => index.add(3, passage('malaria'))).toThrow(RangeError)
    expect(order(index.search('asthma malaria', everything))).toEqual([3])
  })

  it('gives exactly what the formula gives, however passages come and go and whatever is left out on the way', () => {
    // Common words and rare ones, as in a language: a few stand in most passages.
    const words = Array.from({ length: 40 }, (_, rank) => `word${String.fromCharCode(97 + (rank % 26))}${'x'.repeat(rank % 5)}`)
    const word = fc.double({ min: 0, max: 1, noNaN: true }).map((share) => words[Math.floor(share ** 3 * words.length)] ?? 'worda')
    const text = (longest: number) => fc.array(word, { maxLength: longest }).map((found) => found.join(' '))
    const fields = fc.record({ title: text(2), heading: text(1), content: text(25), keywords: fc.array(text(2), { maxLength: 2 }) })
    const change = fc.record({ slot: fc.integer({ min: 0, max: 70 }), fields: fc.option(fields, { freq: 6 }) })
    const weighted = fc.array(fc.record({ term: word, weight: fc.constantFrom(0.3, 1, 2.5) }), { maxLength: 6 })
    const parts = fc.array(fc.record({ terms: fc.oneof(text(8), weighted), share: fc.constantFrom(0.4, 0.6, 1) }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 120 }),
        parts,
        fc.uint8Array({ min: 0, max: 1, minLength: 40, maxLength: 71 }),
        fc.constantFrom(1, 2, 5, 1000),
        fc.constantFrom(0, 0.05, 0.3),
        (changes, query, mask, count, minimum) => {
          const index = new KeywordIndex('en')
          const held = new Map<number, KeywordFields>()
          for (const { slot, fields: added } of changes) {
            const before = held.get(slot)
            if (before) index.remove(slot, before)
            held.delete(slot)
            if (added) index.add(slot, added)
            if (added) held.set(slot, added)
          }
          expect(index.search(query, mask, { count, minimum })).toEqual(byDefinition(held, query, mask, { count, minimum }))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('leaves nothing out of a large corpus, before and after the removed passages leave the postings', () => {
    let seed = 11
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
    const text = (): string => Array.from({ length: 12 }, () => `t${Math.floor(random() ** 4 * 900)}`).join(' ')
    const index = new KeywordIndex('en')
    const held = new Map<number, KeywordFields>()
    const add = (slot: number): void => {
      const fields = passage(text(), slot % 9 === 0 ? text() : '')
      index.add(slot, fields)
      held.set(slot, fields)
    }
    for (let slot = 0; slot < 3000; slot++) add(slot)
    const mask = Uint8Array.from({ length: 3000 }, (_, slot) => Number(slot % 7 !== 0))
    const check = (): void => {
      for (const query of ['t0 t1 t2 t500 t731', 't3 t3 t44 t0 t5 t6 t7 t8 t9', 't899', 't0 t1']) {
        expect(index.search(query, mask, { count: 10 })).toEqual(byDefinition(held, [{ terms: query, share: 1 }], mask, { count: 10, minimum: 0 }))
      }
    }
    check()
    for (const [slot, fields] of [...held]) {
      if (slot % 3 === 0) continue
      index.remove(slot, fields)
      held.delete(slot)
    }
    check()
    for (let slot = 1; slot < 3000; slot += 3) add(slot)
    check()
  })
})

describe('TermDictionary', () => {
  const articles = join(import.meta.dirname, '../../../../data/knowledge')

  it.each(['en', 'fr'] as const)('finds the terms of textTerms in every article and in any text (%s)', (language) => {
    const dictionary = new TermDictionary(language)
    const check = (text: string): void => {
      expect([...dictionary.read(text)]).toEqual(textTerms(text, language).map((term) => dictionary.find(term)))
    }
    for (const article of readdirSync(articles, { withFileTypes: true })) if (article.isDirectory()) check(readFileSync(join(articles, article.name, `${language}.md`), 'utf8'))
    const character = fc.constantFrom(...'aàeéœsStdl’\'- .,\u00a0\u2009\n\t\u0301\u03a3ǅİß3½', 'qu', "l'", 'fièvre', ' ')
    fc.assert(fc.property(fc.oneof(fc.string({ unit: character, maxLength: 40 }), fc.string({ unit: 'binary' })), check), { numRuns: 500 })
  })
})

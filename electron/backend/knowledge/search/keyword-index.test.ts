import { describe, expect, it } from 'vitest'
import { KeywordIndex, type KeywordFields } from './keyword-index.js'

const passage = (content: string, title = '', keywords: string[] = []): KeywordFields => ({ title, heading: '', content, keywords })
const everything = (): boolean => true
const order = (scores: Map<number, number>): number[] => [...scores].sort((one, other) => other[1] - one[1]).map(([slot]) => slot)

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
    for (const score of index.search('what should I do for the snake bite', everything).values()) {
      expect(score).toBeGreaterThan(0)
      expect(score).toBeLessThanOrEqual(1)
    }
    expect(index.search('what should I do', everything).size).toBe(0)
    expect(index.search('', everything).size).toBe(0)
  })

  it('forgets what is removed and never scores what may not be read', () => {
    const index = new KeywordIndex('en')
    index.add(0, passage('asthma'))
    index.add(1, passage('asthma'))
    expect(order(index.search('asthma', (slot) => slot !== 0))).toEqual([1])
    index.remove(1, passage('asthma'))
    expect(order(index.search('asthma', everything))).toEqual([0])
    index.remove(0, passage('asthma'))
    expect(index.search('asthma', everything).size).toBe(0)
  })
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConditionFinder } from './condition-finder.js'
import { readConditions, type Condition } from './condition-thesaurus.js'

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'data', 'conditions')

const condition = (id: string, en: string[], fr: string[], said: { en: string[]; fr: string[] }): Condition => ({ id, names: { en, fr }, signs: 'signs', said })
const few = new ConditionFinder([
  condition('asthma', ['Bronchial asthma', 'asthma'], ['Asthme'], { en: ['my chest whistles at night'], fr: ['ma poitrine siffle la nuit'] }),
  condition('malaria', ['Malaria'], ['Paludisme', 'palu'], { en: ['my body is hot and I shiver'], fr: ['mon corps chauffe et je tremble'] }),
  condition('malaria-in-pregnancy', ['Malaria in pregnancy'], ['Paludisme de la grossesse'], { en: ['I am carrying and my body is hot'], fr: ['je suis enceinte et mon corps chauffe'] }),
])

describe('ConditionFinder', () => {
  it('leads from lay words to conditions, in each language, best first', () => {
    expect(few.find('at night the chest of my son whistles', 'en')[0]?.condition).toBe(0)
    expect(few.find('son corps chauffe et il tremble', 'fr')[0]?.condition).toBe(1)
    const shares = few.find('je suis enceinte, mon corps chauffe', 'fr')
    expect(shares[0]?.condition).toBe(2)
    for (const { share } of shares) expect(share).toBeGreaterThan(0)
    expect(few.find('who won the match', 'en')).toEqual([])
  })

  it('finds the conditions that a title names, the longer name before one that lies within it', () => {
    expect(few.namedIn('Malaria', 'en')).toEqual([1])
    expect(few.namedIn('Malaria in pregnancy: what to do', 'en')).toEqual([2])
    expect(few.namedIn('Asthma and malaria', 'en')).toEqual([0, 1])
    expect(few.namedIn('Le paludisme', 'fr')).toEqual([1])
    expect(few.namedIn('Malaria or fever in pregnancy', 'en')).toEqual([1])
    expect(few.namedIn('Opening hours', 'en')).toEqual([])
  })
})

describe('the condition thesaurus', () => {
  it('is valid, large, and finds most conditions by what patients say of them', async () => {
    const conditions = await readConditions(folder)
    expect(conditions.length).toBeGreaterThan(350)
    const finder = new ConditionFinder(conditions)
    for (const language of ['en', 'fr'] as const) {
      const phrases = conditions.flatMap(({ said }, condition) => said[language].map((phrase) => ({ phrase, condition })))
      const found = phrases.filter(({ phrase, condition }) => finder.find(phrase, language).slice(0, 3).some((hit) => hit.condition === condition))
      expect(found.length / phrases.length, language).toBeGreaterThan(0.95)
    }
  })

  it('names the file of an entry that is not valid', async () => {
    await expect(readConditions(join(import.meta.dirname))).resolves.toEqual([])
    await expect(readConditions(join(folder, 'nowhere'))).rejects.toThrow()
  })
})

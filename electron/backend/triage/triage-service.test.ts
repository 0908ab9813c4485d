import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastCheck from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { languages } from '../../../shared/contract/common.js'
import { triageFinding } from '../../../shared/contract/conversations.js'
import { TriageService, type TriageTurn } from './triage-service.js'

const folder = join(import.meta.dirname, '../../../data/triage')
const levels = z.strictObject({ emergency: z.array(z.string()), urgent: z.array(z.string()), routine: z.array(z.string()) })

let triage: TriageService
beforeAll(async () => {
  triage = await TriageService.load(folder)
})

const says = (...contents: string[]): TriageTurn[] => contents.map((content) => ({ role: 'user', content }))
const level = (...contents: string[]): string => triage.assess(says(...contents), 'en').level

describe.each(languages)('cases in %s', (language) => {
  const cases = levels.parse(parse(readFileSync(join(folder, `cases/${language}.yaml`), 'utf8')))
  for (const expected of ['emergency', 'urgent', 'routine'] as const) {
    it.each(cases[expected])(`${expected}: %s`, (text) => {
      expect(triage.assess(says(text), language).level).toBe(expected)
    })
  }
})

describe('the finding', () => {
  it('names the rule, the reason, what to do and the person’s own words, in the asked language', () => {
    const text = 'Ma fille de 2 ans CONVULSE, ça dure !'
    const finding = triage.assess(says(text), 'en')
    expect(triageFinding.parse(finding)).toEqual(finding)
    expect(finding).toMatchObject({ level: 'emergency', rule_id: 'convulsion', category: 'convulsion' })
    expect(finding.matched).toEqual(['CONVULSE'])
    expect(finding.reason).toMatch(/convulsion needs care/)
    expect(triage.assess(says(text), 'fr').reason).toMatch(/soins tout de suite/)
    expect(finding.actions.length).toBeGreaterThan(1)
  })

  it('is empty for routine', () => {
    expect(triage.assess(says('bonjour'), 'fr')).toEqual({ level: 'routine', rule_id: null, category: null, reason: null, matched: [], actions: [] })
  })

  it.each([
    ['my wife is 8 months pregnant and had a fit', 'obstetric'],
    ['she delivered today and has soaked six pads with blood', 'bleeding'],
    ['il a avalé de la javel', 'poisoning'],
    ['mon père a la bouche tordue et ne parle plus', 'stroke'],
    ['the baby of 2 weeks is hot', 'child_danger'],
  ])('%s: %s', (text, category) => {
    expect(triage.assess(says(text), 'en').category).toBe(category)
  })
})

describe('what is not said of the present', () => {
  it.each([
    'no chest pain, no sweating, no pain in the arm',
    'il ne vomit pas de sang et il respire normalement',
    'in 2012, I had a stroke',
    'il y a trois ans, ma mère a fait une crise cardiaque',
    'I do not want to kill myself, I only need sleep',
    'what should people do in case of a burn',
    'my phone died and I nearly had a heart attack lol',
  ])('%s', (text) => {
    expect(level(text)).not.toBe('emergency')
  })

  it('does not let a negation swallow what cannot be done', () => {
    expect(level('il ne respire pas')).toBe('emergency')
    expect(level('il ne respire pas mal, merci')).toBe('routine')
    expect(level('she cannot breathe')).toBe('emergency')
  })

  it('still hears the emergency after something denied, past or asked', () => {
    expect(level('no fever but he cannot breathe')).toBe('emergency')
    expect(level('I had asthma as a child, now I cannot breathe and my lips are blue')).toBe('emergency')
    expect(level('is epilepsy contagious? my son is convulsing now')).toBe('emergency')
  })
})

describe('several turns', () => {
  it('joins who it is about with what happens later', () => {
    expect(level('he is hot and he plays')).not.toBe('emergency')
    expect(level('my baby is 3 weeks old', 'he is hot and he plays')).toBe('emergency')
    expect(level('my wife is 8 months pregnant', 'she has a terrible headache')).toBe('emergency')
  })

  it('joins an answer with the symptom told before', () => {
    expect(level('he is hot and does not feed', 'he is 3 weeks old')).toBe('emergency')
  })

  it('does not give one person’s state to another', () => {
    expect(level('my sister is pregnant', 'I have a terrible headache')).not.toBe('emergency')
  })

  it('does not fire again for what was said before', () => {
    expect(level('my father is not breathing', 'thank you, where is the pharmacy')).toBe('routine')
  })

  it('takes back what the newest turn denies', () => {
    expect(level('he has a stiff neck', 'no he does not have a stiff neck, only fever')).not.toBe('emergency')
  })

  it('reads only recent user turns', () => {
    expect(level('my baby is 3 weeks old', 'ok', 'yes', 'good', 'he is hot and he plays')).not.toBe('emergency')
    expect(triage.assess([{ role: 'assistant', content: 'Is he not breathing?' }, ...says('hello')], 'en').level).toBe('routine')
  })
})

describe('any input', () => {
  it.each([[[]], [says('')], [says('   \n')], [says('\u0000\uD800 💉💉 ﷽')], [says("'''’’’")], [says('/////')], [says('1'.repeat(400))]])('%j is routine', (turns) => {
    expect(triage.assess(turns, 'fr').level).toBe('routine')
  })

  it('never throws and always keeps to the contract', () => {
    fastCheck.assert(
      fastCheck.property(fastCheck.array(fastCheck.string({ unit: 'binary', maxLength: 200 }), { maxLength: 5 }), (texts) => {
        triageFinding.parse(triage.assess(says(...texts), 'en'))
      }),
      { numRuns: 60 },
    )
  })

  it('gives the same answer each time', () => {
    const turns = says('my baby is 3 weeks old', 'he is hot')
    expect(triage.assess(turns, 'en')).toEqual(triage.assess(turns, 'en'))
  })
})

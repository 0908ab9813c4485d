import { describe, expect, it } from 'vitest'
import { keepsNumbers } from './keeps-numbers.js'

describe('a translation is kept', () => {
  it.each([
    ['Take 500 mg twice a day [1].', 'Prenez 500 mg 2 fois par jour [1].'],
    ['A fever of 38.5 °C for 3 days', 'Une fièvre de 38,5 °C depuis trois jours'],
    ['2,000 people', '2 000 personnes'],
    ['Call [NAME_1] at [PHONE_1]', 'Appelez [NAME_1] au [PHONE_1]'],
    ['No number', 'Aucun nombre'],
    ['10 ml and 5 ml', '5 ml et 10 ml'],
  ])('%s → %s', (original, translation) => expect(keepsNumbers(original, translation)).toBe(true))
})

describe('a translation is thrown away', () => {
  it.each([
    ['a dose changed', 'Take 500 mg', 'Prenez 50 mg'],
    ['a unit changed', 'Take 5 mg', 'Prenez 5 g'],
    ['a dose left out', 'Take 500 mg', 'Prenez-le'],
    ['a dose added', 'Take it', 'Prenez 5 mg'],
    ['a number added', 'Wait a while', 'Attendez 48 heures'],
    ['a number left out', 'Call 15115', 'Appelez'],
    ['a decimal lost', 'Take 2.5 mg', 'Prenez 25,0 mg'],
    ['a placeholder translated', 'Dear [NAME_1]', 'Cher [NOM_1]'],
  ])('%s', (_name, original, translation) => expect(keepsNumbers(original, translation)).toBe(false))
})

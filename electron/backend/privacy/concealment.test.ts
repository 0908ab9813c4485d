import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../testing/test-backend.js'
import { Concealment } from './concealment.js'
import { IdentifierFinder } from './identifier-finder.js'

const finder = IdentifierFinder.load(path.join(projectFolder, 'data'))
const concealment = (): Concealment => new Concealment(finder)

describe('a concealment', () => {
  it('gives the same placeholder to the same value throughout, and another to another', () => {
    const one = concealment()
    one.know('NAME', 'Amina Ngo Bell')
    expect(one.hide('Je m’appelle Awa Diallo, mon numéro est le 677 12 34 56.')).toBe('Je m’appelle [NAME_2], mon numéro est le [PHONE_1].')
    expect(one.hide('AWA DIALLO ou Awa : 677123456, puis 677-12-34-56 et 699 00 11 22')).toBe('[NAME_2] ou [NAME_2] : [PHONE_1], puis [PHONE_1] et [PHONE_2]')
    expect(one.hide('Amina Ngo Bell, amina')).toBe('[NAME_1], [NAME_1]')
    expect(one.hide('Write to awa@example.cm, CNI 1023456789, born on 12/03/1990, I live in New Bell.')).toBe('Write to [EMAIL_1], CNI [ID_1], born on [BIRTH_DATE_1], I live in [PLACE_1].')
  })

  it('finds a name again that was told in another text, also in small letters when it was written so', () => {
    const one = concealment()
    one.learn('je m’appelle junior')
    expect(one.hide('junior a mal, Junior dort, JUNIOR pleure')).toBe('[NAME_1] a mal, [NAME_1] dort, [NAME_1] pleure')
    const other = concealment()
    other.learn('Mon fils Pierre tousse')
    expect(other.hide('Pierre a-t-il une pierre au rein ?')).toBe('[NAME_1] a-t-il une pierre au rein ?')
  })

  it('puts the values back, whatever a model does to the placeholders', () => {
    const one = concealment()
    one.hide('My name is Awa Diallo, call 677 12 34 56, j’habite à Bépanda')
    for (const spelling of ['[NAME_1]', '[name_1]', '[Name 1]', '(NAME_1)', '{{NAME_1}}', '<NAME_1>', '« NAME_1 »', '[NOM_1]', '\\[NAME\\_1\\]', 'NAME_1', '[ NAME_1 ]', '[NAME-1]', '**[NAME_1]**']) {
      expect(one.restore(`Hello ${spelling}, drink water.`), spelling).toContain('Awa Diallo')
    }
    expect(one.restore('[Téléphone 1] [PLACE_1] [LIEU_1]')).toBe('677 12 34 56 Bépanda Bépanda')
    for (const text of ['[NAME_9]', '[1]', 'see [2] and [3]', 'NAME', 'id 1', '(1)', 'name 1 of 3', '[PHONE_]', 'the date 1']) expect(one.restore(text), text).toBe(text)
  })

  it('returns a text to what it was', () => {
    const text = 'Mme Abena (tél. 699 00 11 22) et ONDOA Pauline, dossier HGD/2024/00118, habitent au quartier Makepe. Écrire à p.o@hgd.cm.'
    const one = concealment()
    const hidden = one.hide(text)
    for (const value of ['Abena', '699', 'ONDOA', 'Pauline', '00118', 'Makepe', 'p.o@hgd.cm']) expect(hidden).not.toContain(value)
    expect(one.restore(hidden)).toBe(text)
    expect(one.hide(hidden)).toBe(hidden)
  })

  it('leaves a text without anybody in it alone, however long, in little time', () => {
    const one = concealment()
    one.know('NAME', '')
    const text = 'Malaria is an illness caused by a parasite that mosquitoes pass to people. BP 140/90, 38.5 °C. '.repeat(200)
    const begun = performance.now()
    expect(one.hide(text)).toBe(text)
    expect(performance.now() - begun).toBeLessThan(500)
  })
})

import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../testing/test-backend.js'
import { IdentifierFinder } from './identifier-finder.js'

const finder = IdentifierFinder.load(path.join(projectFolder, 'data'))
const found = (text: string): string[] => finder.find(text).map(({ kind, value }) => `${kind} ${value}`)

describe('what points to a person', () => {
  it.each([
    ['Bonjour, je m’appelle Awa Diallo et j’ai mal au ventre', ['NAME Awa Diallo']],
    ["je m'appelle junior mbarga j'ai 3 ans", ['NAME junior mbarga']],
    ['My name is Grace Ewane, I am 32 years old.', ['NAME Grace Ewane']],
    ['my name is blessing and I have a fever', ['NAME blessing']],
    ['Mon fils Junior a de la fièvre depuis hier', ['NAME Junior']],
    ['My daughter, Beatrice Nfor, cannot breathe', ['NAME Beatrice Nfor']],
    ['Ma voisine s’appelle Clotilde', ['NAME Clotilde']],
    ['Le docteur Tchoumi m’a dit de revenir', ['NAME Tchoumi']],
    ['Dr. Ngwa Peter saw me with Mme Abena', ['NAME Ngwa Peter', 'NAME Abena']],
    ['I am Amina, and my head hurts', ['NAME Amina']],
    ['Atangana vomit depuis ce matin', ['NAME Atangana']],
    ['ONDOA Pauline est revenue', ['NAME ONDOA Pauline']],
    ['Appelez-moi Fanta svp', ['NAME Fanta']],
    ['Appelez-moi au 6 77 12 34 56', ['PHONE 6 77 12 34 56']],
    ['call me on +237 699-00-11-22 or 00237 650 000 000', ['PHONE +237 699-00-11-22', 'PHONE 00237 650 000 000']],
    ['mon numéro 699001122', ['PHONE 699001122']],
    ['My number in France is +33 6 12 34 56 78', ['PHONE +33 6 12 34 56 78']],
    ['écrivez à awa.diallo@example.cm', ['EMAIL awa.diallo@example.cm']],
    ['Ma CNI est 1023456789', ['ID 1023456789']],
    ['dossier n° HGD/2024/00118', ['ID HGD/2024/00118']],
    ['my patient number is PT-00123', ['ID PT-00123']],
    ['insurance number AXA-778812', ['ID AXA-778812']],
    ['passeport 08AB12345', ['ID 08AB12345']],
    ['Je suis née le 12/03/1990', ['BIRTH_DATE 12/03/1990']],
    ['born on 3 May 1985 in Kumba', ['BIRTH_DATE 3 May 1985']],
    ["J'habite à Bépanda derrière le marché", ['PLACE Bépanda']],
    ['I live in New Bell', ['PLACE New Bell']],
    ['nous sommes au quartier Nkolndongo', ['PLACE Nkolndongo']],
    ['rendez-vous à bonamoussadi', ['PLACE bonamoussadi']],
  ])('is found: %s', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it.each([
    'TA 140/90, pouls 88, 38.5 °C, Hb 7.2 g/dl, SpO2 93 %',
    'BP 120/80, HR 98, glucose 1.26 g/L, CD4 350, G3P2, B12',
    'Je prends Coartem 80/480 pendant 3 jours et paracétamol 500 mg',
    'I am pregnant, 34 weeks, my last period was on 12/02/2026',
    'Je suis enceinte de 7 mois et allergique à la pénicilline',
    'I am HIV positive and I take TDF',
    'Mon fils a de la fièvre',
    'My daughter has malaria',
    'I live in Douala',
    'Je suis à l’Hôpital Général de Douala',
    'Ma patiente HIV positive tousse',
    'Bonjour docteur, comment éviter le paludisme ?',
    'Les pierres aux reins font mal',
    'operated on 12/03/2019 for appendicitis',
    'my pain is 8 out of 10 since 3 days, 2 times in 24 hours',
    '120 80 37.5 98 60 18',
  ])('and nothing else: %s', (text) => {
    expect(found(text)).toEqual([])
  })
})

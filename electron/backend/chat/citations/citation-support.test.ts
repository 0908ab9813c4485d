import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Language } from '../../../../shared/contract/common.js'
import type { SearchResult } from '../../../../shared/contract/conversations.js'
import { Lexicon } from '../../knowledge/language/lexicon.js'
import { splitPassages } from '../../knowledge/passages/split-passages.js'
import { sentenceSpans } from '../../knowledge/passages/sentence-spans.js'
import { projectFolder } from '../../testing/test-backend.js'
import { checkCitations } from './checked-citations.js'
import { CitedPassage } from './citation-support.js'

let lexicon: Lexicon
beforeAll(async () => {
  lexicon = await Lexicon.load(path.join(projectFolder, 'data', 'lexicon'))
})

const result = (lang: Language, title: string, heading: string, passage: string): SearchResult => ({ document_id: title, title, lang, heading, passage, score: 1, start: 0, end: passage.length })
const passage = (lang: Language, title: string, heading: string, text: string): CitedPassage => new CitedPassage(result(lang, title, heading, text), lexicon)

const english = () => [
  passage('en', 'Malaria', 'What you can do', 'Have a malaria test within 24 hours of the fever starting, even if the fever seems mild. When the malaria test is positive, take every dose on the prescription, even if you feel better. Give a person with malaria plenty to drink, and keep breastfeeding a baby who is ill.'),
  passage('en', 'Malaria', 'Prevention', 'Sleep every night under a mosquito net treated with insecticide, above all children and pregnant women. Ask at antenatal visits about the medicine that protects pregnant women from malaria, from the fourth month.'),
  passage('en', 'Diarrhoea and dehydration', 'What you can do', 'Mix six level teaspoons of sugar and half a teaspoon of salt in one litre of clean water. Give a small cup after each loose stool.'),
]
const french = () => [
  passage('fr', 'Le paludisme', 'Ce que vous pouvez faire', 'Faites un test du paludisme dans les 24 heures après le début de la fièvre, même si la fièvre semble légère. Quand le test est positif, prenez toutes les doses de l’ordonnance, même si vous vous sentez mieux.'),
  passage('fr', 'Le paludisme', 'Prévention', 'Dormez chaque nuit sous une moustiquaire imprégnée d’insecticide, surtout les enfants et les femmes enceintes.'),
]

describe('a citation', () => {
  it.each([
    ['en', 'Sleep under an insecticide-treated mosquito net every night [2].', [2]],
    ['en', 'A malaria test should be done within 24 hours when fever starts [1].', [1]],
    ['en', 'Take every dose that is prescribed, even when you feel better [1].', [1]],
    ['en', 'Give the child a small cup after every loose stool [3].', [3]],
    ['en', 'Mix 6 teaspoons of sugar with half a teaspoon of salt in clean water [3].', [3]],
    ['en', 'Pregnant women can ask about a medicine that protects them from malaria at antenatal visits [2].', [2]],
    ['en', 'Keep breastfeeding an ill baby and give plenty to drink [1].', [1]],
    ['fr', 'Dormez sous une moustiquaire imprégnée d’insecticide chaque nuit [2].', [2]],
    ['fr', 'Un test du paludisme se fait dans les 24 heures après le début de la fièvre [1].', [1]],
    ['fr', 'Prenez toutes les doses prescrites sur l’ordonnance même si vous allez mieux [1].', [1]],
  ] as const)('stays where its passage says so (%s: %s)', (language, sentence, kept) => {
    const checked = checkCitations(sentence, language, language === 'en' ? english() : french())
    expect(checked).toEqual({ text: sentence, cited: kept.map((number) => number - 1), dropped: 0 })
  })

  it.each([
    ['en', 'Antibiotics cure every fever within two days [1].'],
    ['en', 'A malaria test should be done within 48 hours when fever starts [1].'],
    ['en', 'Mix 8 teaspoons of sugar and half a teaspoon of salt in one litre of clean water [3].'],
    ['en', 'Take 500 mg of paracetamol every 6 hours [2].'],
    ['en', 'Diabetes is treated with diet, tablets or insulin [1].'],
    ['en', 'The hospital is open at weekends for visitors [3].'],
    ['en', 'Rabies kills when it is not treated [2].'],
    ['fr', 'Le diabète se soigne avec un régime et des comprimés [1].'],
    ['fr', 'Un test du paludisme se fait dans les 72 heures après le début de la fièvre [1].'],
    ['fr', 'Les morsures de serpent demandent du sérum antivenimeux [2].'],
  ] as const)('goes where it does not (%s: %s)', (language, sentence) => {
    const checked = checkCitations(sentence, language, language === 'en' ? english() : french())
    expect(checked.dropped).toBe(1)
    expect(checked.text).not.toContain('[')
  })

  it('crosses the languages', () => {
    expect(checkCitations('Dormez chaque nuit sous une moustiquaire, surtout les femmes enceintes et les enfants [2].', 'fr', english()).dropped).toBe(0)
    expect(checkCitations('Le diabète se soigne avec de l’insuline [2].', 'fr', english()).dropped).toBe(1)
  })

  it('that names no passage, or one of several that does not fit, goes alone', () => {
    expect(checkCitations('Sleep every night under a mosquito net [2][7], treated with insecticide [1, 2].', 'en', english())).toEqual({
      text: 'Sleep every night under a mosquito net [2], treated with insecticide [2].',
      cited: [1],
      dropped: 2,
    })
    expect(checkCitations('Sleep under a mosquito net every night [1-3].', 'en', english())).toMatchObject({ text: 'Sleep under a mosquito net every night [2].', dropped: 2 })
    expect(checkCitations('See [0] and [99].', 'en', english())).toMatchObject({ dropped: 2, cited: [] })
    expect(checkCitations('Nothing is cited here.', 'en', english())).toEqual({ text: 'Nothing is cited here.', cited: [], dropped: 0 })
  })

  it('of an article’s own sentence always stays, and of another article’s sentence seldom', () => {
    const folder = path.join(projectFolder, 'data', 'knowledge')
    const articles = ['malaria', 'diabetes', 'snake-bite', 'stroke', 'vaccination']
    for (const lang of ['en', 'fr'] as const) {
      const read = articles.map((name) => {
        const text = fs.readFileSync(path.join(folder, name, `${lang}.md`), 'utf8')
        return { passages: splitPassages(text, lang).map((span) => ({ text: text.slice(span.start, span.end), cited: passage(lang, name, span.heading, text.slice(span.start, span.end)) })) }
      })
      let wrong = 0
      let pairs = 0
      for (const [index, { passages }] of read.entries()) {
        const others = read[(index + 1) % read.length]?.passages ?? []
        for (const [at, { text, cited }] of passages.entries()) {
          for (const span of sentenceSpans(text, 0, text.length, lang)) {
            const sentence = text.slice(span.start, span.end)
            expect(cited.supports(sentence, lang), sentence).toBe(true)
            pairs++
            if (others[at % others.length]?.cited.supports(sentence, lang) === true) wrong++
          }
        }
      }
      expect(pairs).toBeGreaterThan(100)
      expect(wrong / pairs).toBeLessThan(0.08)
    }
  })
})

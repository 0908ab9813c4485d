import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Lexicon } from './lexicon.js'

let lexicon: Lexicon

beforeAll(async () => {
  lexicon = await Lexicon.load(join(import.meta.dirname, '../../../../data/lexicon'))
})

describe('Lexicon', () => {
  it('glosses French phrases before words, without minding accents and endings, and keeps what it does not know', () => {
    expect(lexicon.toEnglish("j'ai le corps qui chauffe", 'fr')).toBe('fever hot body')
    expect(lexicon.toEnglish('Mon enfant a le ventre qui court', 'fr')).toBe('child diarrhoea loose stools')
    expect(lexicon.toEnglish('douleurs à la poitrine', 'fr')).toBe('chest pain')
    expect(lexicon.toEnglish('jai des maux de tete', 'fr')).toBe('headache')
    expect(lexicon.toEnglish('Coartem et Zorblaxine', 'fr')).toBe('artemether lumefantrine malaria medicine zorblaxine')
  })

  it('sets the meaning of lay English behind the question, once and only where it adds a word', () => {
    expect(lexicon.toEnglish('my pikin get running stomach', 'en')).toBe('my pikin get running stomach (child baby, diarrhoea loose stools)')
    expect(lexicon.toEnglish('malaria', 'en')).toBe('malaria')
    expect(lexicon.toEnglish('where is my shoe', 'en')).toBe('where is my shoe')
  })

  it('knows a medical question in either language', () => {
    for (const text of ["j'ai mal", 'le palu', 'ma tension est élevée', 'urgence']) expect(lexicon.isMedical(text, 'fr'), text).toBe(true)
    for (const text of ['my stomach', 'belly di run', 'snake bite', 'je crois: headache']) expect(lexicon.isMedical(text, 'en'), text).toBe(true)
    for (const text of ['quel temps fait-il', 'merci pour votre aide', 'raconte une histoire']) expect(lexicon.isMedical(text, 'fr'), text).toBe(false)
    for (const text of ['tell me a joke', 'what time is it']) expect(lexicon.isMedical(text, 'en'), text).toBe(false)
  })

  it('knows small talk only when there is nothing else', () => {
    for (const text of ['bonjour', 'Bonsoir docteur', 'thank you', 'qui es-tu ?', 'Hello, how are you?', 'merci beaucoup']) expect(lexicon.isSmallTalk(text), text).toBe(true)
    for (const text of ["bonjour, j'ai mal", 'hello my stomach', 'docteur je saigne', '', 'malaria']) expect(lexicon.isSmallTalk(text), text).toBe(false)
  })

  it('refuses a lexicon that is not valid', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lexicon-'))
    await expect(Lexicon.load(folder)).rejects.toThrow()
    await mkdir(join(folder, 'fr-en'))
    for (const name of ['fr-en/words.yaml', 'en-lay.yaml']) await writeFile(join(folder, name), '- { say: [], gloss: nothing }')
    await writeFile(join(folder, 'small-talk.yaml'), 'en: [hello]\nfr: [bonjour]')
    await expect(Lexicon.load(folder)).rejects.toThrow()
    await rm(folder, { recursive: true })
  })
})

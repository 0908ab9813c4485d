import { readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseCases, readCaseSources } from './labelled-cases.js'
import { casesDigest } from './prepare.js'
import { digestOf, loadRules, preparedName, writePrepared } from './prepared-rules.js'
import { readRuleSources } from './rule-files.js'
import { readSecondLook, writeSecondLook } from './second-look-file.js'
import { trainSecondLook } from './second-look-training.js'
import { levelShares, secondLevel, type LevelShares } from './second-look.js'
import { TriageService } from './triage-service.js'

const shipped = join(import.meta.dirname, '../../../data/triage')
const level = (triage: TriageService, ...turns: string[]): string => triage.assess(turns.map((content) => ({ role: 'user' as const, content })), 'en').level

let folder: string
let triage: TriageService
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'triage-second-look-'))
  await cp(shipped, folder, { recursive: true })
  triage = await TriageService.load(shipped)
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('what is shipped', () => {
  it('was made from these rule files and cases (else run prepare.ts)', async () => {
    const rules = await readRuleSources(shipped)
    expect(await readFile(join(shipped, preparedName), 'utf8')).toContain(digestOf(rules))
    expect((await readSecondLook(join(shipped, 'second-look.tsv'))).digest).toBe(casesDigest(rules, await readCaseSources(shipped)))
  })

  it('calls no labelled emergency of a sample less than an emergency, and few routine ones an emergency', async () => {
    const sample = parseCases(await readCaseSources(shipped)).filter((_, index) => index % 40 === 0)
    const got = sample.map((entry) => ({ ...entry, got: level(triage, entry.text) }))
    expect(got.filter((entry) => entry.level === 'emergency' && entry.got !== 'emergency')).toEqual([])
    expect(got.filter((entry) => entry.level === 'routine' && entry.got === 'emergency').length).toBeLessThan(5)
  })
})

describe('every rule', () => {
  const examples = parse(readFileSync(join(shipped, 'rule-examples.yaml'), 'utf8')) as Record<string, string[]>

  it('has examples, reasons and actions in both languages', async () => {
    const { files } = await loadRules(shipped)
    for (const rule of files.rules) {
      expect(examples[rule.id]?.length, rule.id).toBeGreaterThan(0)
      const reason = rule.reason ?? files.categories.get(rule.category)?.reason
      expect([reason?.en, reason?.fr].every(Boolean), rule.id).toBe(true)
    }
    expect(Object.keys(examples).filter((id) => !files.rules.some((rule) => rule.id === id))).toEqual([])
  })

  it.each(Object.entries(examples))('%s fires on its examples', (id, texts) => {
    for (const text of texts) expect(triage.firing(text), text).toContain(id)
  })
})

describe('the prepared file', () => {
  it('gives the same as the rule files', async () => {
    await writeFile(join(folder, preparedName), writePrepared(await readRuleSources(folder)))
    const prepared = await TriageService.load(folder)
    await rm(join(folder, preparedName))
    const parsed = await TriageService.load(folder)
    for (const text of ['mon fils de 2 ans convulse', 'she cannot breathe', 'je viens pour mon rendez-vous', 'burning when I pee']) {
      const turns = [{ role: 'user' as const, content: text }]
      expect(prepared.assess(turns, 'fr')).toEqual(parsed.assess(turns, 'fr'))
    }
  })

  it('is passed over when damaged', async () => {
    await writeFile(join(folder, preparedName), '{"digest":"0"}')
    expect(level(await TriageService.load(folder), 'il ne respire plus')).toBe('emergency')
  })

  it('is passed over when a rule file has changed', async () => {
    await writeFile(join(folder, preparedName), writePrepared(await readRuleSources(folder)))
    const path = join(folder, 'topics/03-breathing.yaml')
    await writeFile(path, (await readFile(path, 'utf8')).replace('level: emergency', 'level: grave'))
    await expect(TriageService.load(folder)).rejects.toThrow(/03-breathing/)
  })
})

describe('the second look', () => {
  const shares = (emergency: number, urgent: number, routine: number): LevelShares => ({ emergency, urgent, routine })

  it('raises, and lowers an emergency of the rules only to a same-day problem and only with great weight', () => {
    expect(secondLevel('routine', shares(0.8, 0.1, 0.1))).toBe('emergency')
    expect(secondLevel('urgent', shares(0.5, 0.4, 0.1))).toBe('emergency')
    expect(secondLevel('routine', shares(0.3, 0.3, 0.4))).toBe('urgent')
    expect(secondLevel('urgent', shares(0, 0, 1))).toBe('urgent')
    expect(secondLevel('emergency', shares(0.1, 0.25, 0.65))).toBe('emergency')
    expect(secondLevel('emergency', shares(0, 0.05, 0.95))).toBe('urgent')
  })

  it('learns the same from the same cases', () => {
    const cases = [
      { level: 'emergency' as const, features: new Set(['w:blood', 'w:much']) }, { level: 'urgent' as const, features: new Set(['w:fever']) },
      { level: 'routine' as const, features: new Set(['w:price', 'w:blood']) },
    ]
    const weights = trainSecondLook(cases)
    expect(trainSecondLook(cases)).toEqual(weights)
    for (const entry of cases) expect(levelShares(entry.features, weights)[entry.level]).toBeGreaterThan(0.5)
  })

  it('refuses a malformed file', async () => {
    const path = join(folder, 'weights.tsv')
    await writeFile(path, writeSecondLook({ digest: 'x', weights: new Map([['w:a', [1, 0, -1]]]) }))
    expect([...(await readSecondLook(path)).weights]).toEqual([['w:a', [1, 0, -1]]])
    await writeFile(path, 'other')
    await expect(readSecondLook(path)).rejects.toThrow(/weights\.tsv/)
    await writeFile(path, `${writeSecondLook({ digest: 'x', weights: new Map() })}w:a\t1\tmany\t0\n`)
    await expect(readSecondLook(path)).rejects.toThrow(/malformed line/)
  })
})

describe('the net', () => {
  it.each([
    'suddenly my left big toe feels frozen and very strange', 'la vieille a une jambe très lourde et froide', 'my newborn has a strange swelling', 'il ne peut plus marcher',
  ])('never leaves a present, strong or disabling state at routine: %s', (text) => {
    expect(level(triage, text)).not.toBe('routine')
  })

  it('hears what comes after small talk', () => {
    expect(level(triage, 'mon fils a de la fièvre depuis hier', 'et maintenant il ne se réveille plus')).toBe('emergency')
    expect(level(triage, 'my child has fever since yesterday', "and now she doesn't wake up")).toBe('emergency')
    expect(level(triage, 'hello', 'where is the canteen')).toBe('routine')
  })

  it.each([
    'je suis mort de rire', 'mon téléphone est mort', "ma tête explose de travail mdr", 'what are the signs of a stroke', 'que faire si un enfant avale de la javel',
    'my grandmother had a stroke in 2014, I need the report', 'I dreamt that I was dying, what does it mean',
  ])('is not an emergency: %s', (text) => {
    expect(level(triage, text)).not.toBe('emergency')
  })

  it('does not take a knife in the back for a saying', () => {
    expect(level(triage, 'il a un couteau dans le dos et il saigne')).toBe('emergency')
    expect(level(triage, 'he was stabbed in the back and cannot breathe')).toBe('emergency')
  })

  it('does not take an old illness for a trouble of the past', () => {
    expect(level(triage, 'diabetic since she was ten, her breath smells of fruit and she vomits')).toBe('emergency')
    expect(level(triage, 'à deux ans il a bu du pétrole, il en a douze')).not.toBe('emergency')
  })

  it('hears an emergency asked as a question', () => {
    expect(level(triage, 'is it serious, he swallowed bleach ten minutes ago')).toBe('emergency')
    expect(level(triage, 'mon voisin est là devant moi, il ne respire plus')).toBe('emergency')
  })
})

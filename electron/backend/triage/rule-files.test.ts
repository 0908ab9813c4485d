import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRuleFiles } from './rule-files.js'
import { TriageService } from './triage-service.js'

const shipped = join(import.meta.dirname, '../../../data/triage')
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'triage-rules-'))
  await cp(shipped, folder, { recursive: true })
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function change(file: string, from: string, to: string): Promise<void> {
  const path = join(folder, file)
  const text = await readFile(path, 'utf8')
  expect(text).toContain(from)
  await writeFile(path, text.replace(from, to))
}

describe('rule files', () => {
  it('name their sources, say that no clinician has reviewed them, and have actions in both languages', async () => {
    const { rules, categories } = await readRuleFiles(folder)
    expect(rules.length).toBeGreaterThan(60)
    for (const rule of rules) {
      const actions = categories.get(rule.category)?.[rule.level]
      expect(actions?.en.length, rule.id).toBeGreaterThan(1)
      expect(actions?.fr.length, rule.id).toBe(actions?.en.length)
    }
  })

  it('are refused when a file is missing or not to the schema', async () => {
    await change('topics/03-breathing.yaml', 'level: emergency', 'level: grave')
    await expect(TriageService.load(folder)).rejects.toThrow(/03-breathing/)
    await rm(join(folder, 'language.yaml'))
    await expect(TriageService.load(folder)).rejects.toThrow(/language\.yaml/)
  })

  it('are refused when a rule names an unknown concept or a category without actions', async () => {
    await change('topics/03-breathing.yaml', 'when: [not_breathing]', 'when: [not_there]')
    await expect(TriageService.load(folder)).rejects.toThrow(/no concept "not_there"/)
    await change('topics/03-breathing.yaml', 'category: choking', 'category: respiratory')
    await expect(TriageService.load(folder)).rejects.toThrow(/has no actions/)
  })

  it('are refused when a concept is defined twice or a phrase says nothing', async () => {
    await change('topics/04-heart.yaml', 'concepts:\n', "concepts:\n  not_breathing:\n    en: ['x']\n")
    await expect(TriageService.load(folder)).rejects.toThrow(/already defined/)
    await change('topics/04-heart.yaml', "  not_breathing:\n    en: ['x']\n", "  nothing_said:\n    en: ['.. pain']\n")
    await expect(TriageService.load(folder)).rejects.toThrow(/nothing_said/)
  })
})

import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../logging/logger.js'
import { projectFolder, startTestBackend, temporaryFolder, type TestBackend } from '../../testing/test-backend.js'
import { KnowledgeService } from '../knowledge-service.js'
import { isRecalled, readRecalled } from './recalled-articles.js'

const reader = { role: 'admin', userId: null } as const
let backend: TestBackend
let folder: string
beforeAll(async () => {
  backend = await startTestBackend({ model: false })
  await backend.knowledge.ready()
  folder = temporaryFolder('articles')
  for (const name of ['malaria', 'stroke']) fs.cpSync(path.join(projectFolder, 'data', 'knowledge', name), path.join(folder, name), { recursive: true })
})
afterAll(async () => {
  await backend.remove()
  fs.rmSync(folder, { recursive: true })
})

/** The service on the same database, with these articles recalled. */
async function withRecalled<Result>(recalled: string, run: (knowledge: KnowledgeService) => Promise<Result>): Promise<Result> {
  fs.writeFileSync(path.join(folder, 'recalled.yaml'), recalled)
  const knowledge = await KnowledgeService.start({
    database: backend.database,
    articlesFolder: folder,
    lexiconFolder: path.join(projectFolder, 'data', 'lexicon'),
    modelsFolder: path.join(folder, 'no-models'),
    indexFolder: path.join(folder, 'index'),
    logger: createLogger('silent'),
  })
  try {
    return await run(knowledge)
  } finally {
    await knowledge.close()
  }
}
const entry = (version: number): string => `- { id: malaria, version: ${version}, reason: { en: The dose was wrong., fr: La dose était fausse. }, date: 2026-11-21 }`

describe('a recalled article', () => {
  it('is neither found nor opened, by anybody, until a later version is there', async () => {
    const found = async (knowledge: KnowledgeService): Promise<string[]> => (await knowledge.retrieve({ query: 'malaria mosquito net fever', language: 'en', reader })).results.map((result) => result.document_id)
    expect(await withRecalled('[]', found)).toContain('malaria')
    await withRecalled(entry(99), async (knowledge) => {
      expect(await found(knowledge)).not.toContain('malaria')
      expect((await knowledge.list('fr', reader)).map((document) => document.document_id)).not.toContain('malaria')
      await expect(knowledge.open('malaria', 'fr', reader)).rejects.toMatchObject({ code: 'article_recalled', status: 404 })
      await expect(knowledge.open('nothing', 'fr', reader)).rejects.toMatchObject({ code: 'not_found' })
      expect((await knowledge.open('stroke', 'fr', reader)).text).toMatch(/AVC/)
      expect(await backend.database.query("select 1 from passages where document_id = 'malaria'")).toEqual([])
    })
    expect(isRecalled({ documentId: 'malaria', version: 3 }, [{ id: 'malaria', version: 2, reason: { en: 'x', fr: 'x' }, date: '2026-11-21' }])).toBe(false)
    expect(await withRecalled('', found)).toContain('malaria')
  })

  it('with a list that cannot be read, shows nothing as current', async () => {
    await withRecalled('- { id: malaria }', async (knowledge) => {
      await expect(knowledge.retrieve({ query: 'malaria', language: 'en', reader })).rejects.toThrow()
      expect(knowledge.health().status).toBe('unavailable')
    })
    fs.rmSync(path.join(folder, 'recalled.yaml'))
    expect(await readRecalled(folder)).toEqual([])
  })
})

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readArticles } from './article-reader.js'

const articles = join(import.meta.dirname, '../../../../data/knowledge')
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'articles-'))
  for (const name of ['malaria', 'cholera']) await cp(join(articles, name), join(folder, name), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

const change = async (file: string, from: RegExp, to: string): Promise<void> => {
  const path = join(folder, file)
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
}

describe('readArticles', () => {
  it('reads both sides of every article of the project', async () => {
    const { documents, problems } = await readArticles(articles)
    expect(problems).toEqual([])
    expect(documents.length).toBeGreaterThan(20)
    const malaria = documents.filter((document) => document.documentId === 'malaria')
    expect(malaria.map((document) => document.title)).toEqual(['Malaria', 'Paludisme'])
    expect(malaria.every((document) => document.sources.length >= 2)).toBe(true)
  })

  it.each([
    ['a wrong id', 'malaria/article.yaml', /^id: malaria/, 'id: something-else', 'id is not the name of the folder'],
    ['a missing field', 'malaria/article.yaml', /^version: .*$/m, '', 'version: invalid_type'],
    ['an unknown review state', 'malaria/article.yaml', /^review_status: .*$/m, 'review_status: perhaps', 'review_status: invalid_value'],
    ['a text without a title', 'malaria/fr.md', /^# .*$/m, 'Paludisme', 'fr.md does not begin with a title'],
    ['a text without sections', 'malaria/en.md', /^## /gm, '', 'en.md has no section'],
  ])('reports and leaves out an article with %s, and keeps the others', async (_, file, from, to, reason) => {
    await change(file, from, to)
    const { documents, problems } = await readArticles(folder)
    expect(problems).toEqual([{ article: 'malaria', reason }])
    expect(documents.map((document) => document.documentId)).toEqual(['cholera', 'cholera'])
  })

  it('reports a missing language side and YAML that is not YAML', async () => {
    await rm(join(folder, 'malaria/fr.md'))
    await writeFile(join(folder, 'cholera/article.yaml'), 'id: [cholera')
    const { documents, problems } = await readArticles(folder)
    expect(documents).toEqual([])
    expect(problems.map((problem) => problem.article)).toEqual(['cholera', 'malaria'])
    expect(problems[1]?.reason).toBe('cannot be read (ENOENT)')
  })

  it('fails when the folder is missing', async () => {
    await expect(readArticles(join(folder, 'nowhere'))).rejects.toThrow()
  })

  it('reads Windows line ends as plain ones', async () => {
    await change('malaria/en.md', /\n/g, '\r\n')
    const { documents, problems } = await readArticles(folder)
    expect(problems).toEqual([])
    expect(documents.some((document) => document.content.includes('\r'))).toBe(false)
  })
})

/** Reads the articles of the knowledge base: one folder each with article.yaml, en.md and fr.md. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { languages } from '../../../../shared/contract/common.js'
import { isClinicalSummary, type IngestedDocument } from '../passages/document.js'

const bothLanguages = <Value extends z.ZodType>(value: Value) => z.object({ en: value, fr: value })
const line = z.string().trim().min(1).max(300)

const articleDescription = z.object({
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  title: bothLanguages(line),
  topic: line,
  audience: z.enum(['public', 'ward']).default('public'),
  department: bothLanguages(line).optional(),
  red_flags: z.boolean(),
  keywords: bothLanguages(z.array(line).min(1)),
  sources: z.array(z.object({ title: line, publisher: line, year: z.number().int().nullable().default(null), url: z.url().nullable().default(null) })).min(1),
  reviewed_by: line,
  review_status: z.enum(['unreviewed', 'reviewed']),
  version: z.number().int().min(1),
  updated: z.iso.date().nullable().default(null),
})

/** An article that is left out, and why; `reason` names fields, never values. */
export interface ArticleProblem {
  article: string
  reason: string
}

/**
 * Both language sides of every valid article, and the articles that are not valid. An invalid article is left out whole:
 * an earlier version of it must not go on being quoted.
 */
export async function readArticles(folder: string): Promise<{ documents: IngestedDocument[]; problems: ArticleProblem[] }> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name).sort()
  const documents: IngestedDocument[] = []
  const problems: ArticleProblem[] = []
  for (const name of names) {
    try {
      documents.push(...(await readArticle(folder, name)))
    } catch (error) {
      problems.push({ article: name, reason: problemReason(error) })
    }
  }
  return { documents, problems }
}

async function readArticle(folder: string, name: string): Promise<IngestedDocument[]> {
  const description = articleDescription.parse(parse(await readFile(join(folder, name, 'article.yaml'), 'utf8')))
  if (description.id !== name) throw new Error('id is not the name of the folder')
  if (isClinicalSummary(name)) throw new Error('id is that of a clinical summary')
  return Promise.all(
    languages.map(async (lang) => ({
      documentId: description.id,
      lang,
      kind: 'article' as const,
      title: description.title[lang],
      topic: description.topic,
      department: description.department?.[lang] ?? null,
      audience: description.audience,
      ownerId: null,
      content: await readText(join(folder, name, `${lang}.md`), lang),
      sources: description.sources,
      reviewedBy: description.reviewed_by,
      reviewed: description.review_status === 'reviewed',
      version: description.version,
      updated: description.updated,
      keywords: description.keywords[lang],
    })),
  )
}

async function readText(file: string, lang: string): Promise<string> {
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n').normalize('NFC')
  if (!/^# \S/.test(text)) throw new Error(`${lang}.md does not begin with a title`)
  if (!/^## \S/m.test(text)) throw new Error(`${lang}.md has no section`)
  return text
}

function problemReason(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ')
  if (error instanceof Error && 'code' in error) return `cannot be read (${String(error.code)})`
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : 'unknown'
}

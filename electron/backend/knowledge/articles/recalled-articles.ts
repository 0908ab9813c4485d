/**
 * Articles that were withdrawn: `recalled.yaml` beside them names each with the last version that is withdrawn. Such an article is neither found
 * nor opened; a later version of it is an article again.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { IngestedDocument } from '../passages/document.js'

const recalledArticles = z.array(
  z.object({
    id: z.string().min(1).max(200),
    /** This version and every earlier one. */
    version: z.number().int().min(1),
    reason: z.object({ en: z.string().trim().min(1), fr: z.string().trim().min(1) }),
    date: z.iso.date(),
  }),
)
export type RecalledArticle = z.infer<typeof recalledArticles>[number]

/** Reads the list; none where there is no file. Throws when it is not valid: with an unreadable recall nothing may be shown as current. */
export async function readRecalled(articlesFolder: string): Promise<RecalledArticle[]> {
  let text: string
  try {
    text = await readFile(join(articlesFolder, 'recalled.yaml'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return recalledArticles.parse(parse(text) ?? [])
}

/** Whether this version of a document was withdrawn. */
export function isRecalled(document: Pick<IngestedDocument, 'documentId' | 'version'>, recalled: readonly RecalledArticle[]): boolean {
  return recalled.some(({ id, version }) => id === document.documentId && document.version <= version)
}

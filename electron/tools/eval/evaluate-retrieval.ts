/**
 * Retrieval sets through the product's own knowledge service: the set's corpus becomes documents of a database in memory, the service builds
 * its indexes from them, and every question is retrieved as chat retrieves it. Runs as a process of its own, because a process bears one
 * thread with the embedding runtime: `tsx evaluate-retrieval.ts FILE complaints|medquad`; the figures are its last line.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Language } from '../../../shared/contract/common.js'
import { copyTemplate } from '../../backend/database/testing/database-template.js'
import { Database } from '../../backend/database/database.js'
import { KnowledgeService } from '../../backend/knowledge/knowledge-service.js'
import { DocumentStore } from '../../backend/knowledge/passages/document-store.js'
import { createLogger } from '../../backend/logging/logger.js'
import { readComplaints, readMedquad, type CorpusDocument, type RetrievalSet } from './evaluation-sets.js'
import { projectFolder } from './project-folder.js'
import { mean, ndcg10, recall3, reciprocalRank10, type Judgements } from './retrieval-measures.js'

export interface RetrievalFigures {
  set: 'complaints' | 'medquad'
  name: string
  lang: Language
  ndcg10: number
  recall3: number
  mrr10: number
  queries: number
  keyword_only: boolean
}

export const figuresMarker = 'retrieval-figures:'
/** Passages asked for: enough that ten documents are among them. */
const passagesAsked = 50

async function evaluate(set: RetrievalSet): Promise<RetrievalFigures[]> {
  const folder = await copyTemplate()
  const database = await Database.open({ folder: path.join(folder, 'database'), onThreadEnd: () => undefined })
  const emptyFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'carechat-no-articles-'))
  if (set.corpus) await putCorpus(database, set.corpus)
  const knowledge = await KnowledgeService.start({
    database,
    articlesFolder: set.corpus ? emptyFolder : path.join(projectFolder, 'data', 'knowledge'),
    lexiconFolder: path.join(projectFolder, 'data', 'lexicon'),
    modelsFolder: path.join(projectFolder, 'resources', 'models'),
    indexFolder: path.join(folder, 'index'),
    logger: createLogger(),
  })
  try {
    await knowledge.ready()
    const figures: RetrievalFigures[] = []
    for (const lang of ['en', 'fr'] as const) {
      const queries = set.queries[lang]
      if (!queries) continue
      let keywordOnly = false
      const rankings: { ranked: string[]; judgements: Judgements }[] = []
      for (const { text, judgements } of queries) {
        const found = await knowledge.retrieve({ query: text, language: lang, topK: passagesAsked, reader: { role: 'nurse', userId: null } })
        keywordOnly ||= found.keywordOnly
        rankings.push({ ranked: [...new Set(found.results.map((result) => result.document_id))], judgements })
      }
      const average = (measure: typeof ndcg10): number => mean(rankings.map(({ ranked, judgements }) => measure(ranked, judgements)))
      figures.push({
        set: set.set,
        name: set.name,
        lang,
        ndcg10: average(ndcg10),
        recall3: average(recall3),
        mrr10: average(reciprocalRank10),
        queries: queries.length,
        keyword_only: keywordOnly,
      })
    }
    return figures
  } finally {
    await knowledge.close()
    await database.close()
    for (const used of [folder, emptyFolder]) fs.rmSync(used, { recursive: true, force: true })
  }
}

/** The corpus as documents that a ward has added. */
async function putCorpus(database: Database, corpus: readonly CorpusDocument[]): Promise<void> {
  const replacement = await new DocumentStore(database).replace('upload')
  await replacement.put(
    corpus.map(({ id, title, text }) => ({
      documentId: id,
      lang: 'en' as const,
      kind: 'upload' as const,
      title,
      topic: null,
      department: null,
      audience: 'ward' as const,
      ownerId: null,
      content: text,
      sources: [],
      reviewedBy: '',
      reviewed: false,
      version: 1,
      updated: null,
      keywords: [],
    })),
  )
  await replacement.finish()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file = '', kind] = process.argv
  const figures = await evaluate(kind === 'medquad' ? readMedquad(file) : readComplaints(file))
  process.stdout.write(`${figuresMarker}${JSON.stringify(figures)}\n`)
  process.exit(0)
}

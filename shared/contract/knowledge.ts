/** The clinical index: search, and opening a source at its passage. */
import { z } from 'zod'
import { empty, language } from './common.js'
import { retrievalStrategy, searchResult } from './conversations.js'
import { administrators, call, signedIn } from './method.js'

export const documentSource = z.object({ title: z.string(), publisher: z.string(), year: z.number().int().nullable(), url: z.string().nullable() })

export const knowledgeDocument = z.object({
  document_id: z.string(),
  kind: z.enum(['article', 'clinical_summary', 'upload']),
  title: z.string(),
  lang: language,
  topic: z.string().nullable(),
  department: z.string().nullable(),
  reviewed_by: z.string(),
  reviewed: z.boolean(),
  updated: z.string().nullable(),
})
export type KnowledgeDocument = z.infer<typeof knowledgeDocument>

export const knowledge = {
  search: call({
    summary: 'Search the clinical index',
    access: signedIn,
    input: z.object({
      query: z.string().trim().min(1).max(2000),
      strategy: retrievalStrategy.default('rrf_fusion'),
      top_k: z.number().int().min(1).max(50).default(10),
      threshold: z.number().min(0).max(1).optional(),
      language: language.optional(),
    }),
    output: z.object({
      results: z.array(searchResult),
      strategy: retrievalStrategy,
      cache: z.enum(['hit', 'miss']),
      processing_time_ms: z.number(),
      /** True when the model is missing and the search was by keyword alone. */
      keyword_only: z.boolean(),
    }),
    safe: true,
  }),
  open: call({
    summary: 'A document’s whole text in one language, for opening a source at its passage',
    access: signedIn,
    input: z.object({
      document_id: z.string().min(1).max(200),
      lang: language,
      /** UTF-16 offset that has to be in the text: of a long document only what stands around it is given. Without it the whole text is. */
      at: z.number().int().min(0).max(2_147_483_647).optional(),
    }),
    output: knowledgeDocument.extend({
      text: z.string(),
      sources: z.array(documentSource),
      languages: z.array(language),
      /** Offset of `text` in the whole document, and the length of the whole; offsets of passages count in the whole. */
      text_start: z.number().int(),
      text_length: z.number().int(),
      /** Pages that begin in `text`, with their offsets in the whole document; empty where the document has no pages. */
      pages: z.array(z.object({ page: z.number().int(), start: z.number().int() })),
      page_count: z.number().int().nullable(),
    }),
    safe: true,
    rate: 'read',
  }),
  list: call({
    summary: 'The documents of the clinical index that the caller may read',
    access: signedIn,
    input: z.object({ lang: language.default('en') }),
    output: z.object({ documents: z.array(knowledgeDocument) }),
    safe: true,
    rate: 'read',
  }),
  importSummaries: call({
    summary: 'Read clinical_summaries.csv from the configured path into the index; names and ids are left out, staff only',
    access: administrators,
    input: empty,
    output: z.object({ imported: z.number().int(), skipped: z.number().int() }),
    timeoutMs: 600_000,
  }),
}

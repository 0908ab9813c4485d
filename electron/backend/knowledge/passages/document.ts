/** What ingestion reads and what the index holds: a document in one language, and its passages. */
import type { z } from 'zod'
import type { Language } from '../../../../shared/contract/common.js'
import type { documentSource } from '../../../../shared/contract/knowledge.js'

export type KnowledgeDocumentSource = z.infer<typeof documentSource>

/** `public`: everybody; `ward`: nurses and administrators; `owner`: one person. */
export type Audience = 'public' | 'ward' | 'owner'

/** One language side of a document, as a row of `documents`. */
export interface IngestedDocument {
  documentId: string
  lang: Language
  kind: 'article' | 'clinical_summary' | 'upload'
  title: string
  topic: string | null
  department: string | null
  audience: Audience
  ownerId: string | null
  content: string
  sources: KnowledgeDocumentSource[]
  reviewedBy: string
  reviewed: boolean
  version: number
  /** ISO date, or null when unknown. */
  updated: string | null
  keywords: string[]
  /** UTF-16 offset at which each page begins in the content, where there are pages. */
  pageStarts?: number[]
}

/** A passage with what searching and citing it needs. */
export interface IndexedPassage {
  passageId: string
  documentId: string
  lang: Language
  ordinal: number
  heading: string
  content: string
  /** UTF-16 offsets in the document's content. */
  start: number
  end: number
  /** Page on which it begins, from 1, where the document has pages. */
  page?: number
  audience: Audience
  ownerId: string | null
  contentHash: string
  title: string
  keywords: string[]
  reviewed: boolean
}

/** What of a passage is embedded: its title and heading give a short text its subject. */
export function embeddedText(passage: Pick<IndexedPassage, 'title' | 'heading' | 'content'>): string {
  return [passage.title, passage.heading, passage.content].filter((part) => part !== '').join('. ')
}

const summaryPrefix = 'summary-'

/** The id of a clinical summary: made of a digest of its text, never of a record's number. */
export function clinicalSummaryId(contentDigest: string): string {
  return summaryPrefix + contentDigest.slice(0, 24)
}

/** Whether a result is a patient's record summary, which is for staff and never leaves the device. */
export function isClinicalSummary(documentId: string): boolean {
  return documentId.startsWith(summaryPrefix)
}

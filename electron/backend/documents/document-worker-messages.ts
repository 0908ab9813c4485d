/** What goes to the document thread, and what it says. */
import type { Language } from '../../../shared/contract/common.js'
import type { DocumentFailureCode } from './parsing/document-failure.js'
import type { ParsedDocument } from './parsing/parse-document.js'

export interface DocumentWorkerData {
  bytes: Uint8Array
  fileName: string
  /** Language of a text whose words do not tell. */
  fallback: Language
}

export type FromDocumentWorker =
  | { type: 'progress'; done: number; total: number }
  | { type: 'parsed'; document: ParsedDocument }
  | { type: 'failed'; code: DocumentFailureCode }

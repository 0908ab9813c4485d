/** Documents that people add: taken in from a file, listed, published, removed. */
import { z } from 'zod'
import { empty, language, timestamp, uuid } from './common.js'
import { errorCodes } from './errors.js'
import { administrators, call, staff, stream } from './method.js'

export const documentFormats = ['pdf', 'docx', 'txt', 'md', 'html', 'csv'] as const
export const documentFormat = z.enum(documentFormats)
export type DocumentFormat = z.infer<typeof documentFormat>

/** Who may read a document: everybody, nurses and administrators, or the one person who added it. */
export const documentAudience = z.enum(['public', 'ward', 'owner'])
export type DocumentAudience = z.infer<typeof documentAudience>

/** Largest file that is taken in, in bytes. */
export const maximumDocumentBytes = 25 * 1024 * 1024
/** Most pages of a document. */
export const maximumDocumentPages = 500

/**
 * A document's way in: it waits for the one before it, its text is read, text and passages are put on the disk (from here on it is found by
 * keyword), its vectors are made, and it is ready.
 */
export const documentState = z.enum(['waiting', 'parsing', 'storing', 'indexing', 'ready'])
export type DocumentState = z.infer<typeof documentState>

export const uploadedDocument = z.object({
  document_id: uuid,
  title: z.string(),
  file_name: z.string(),
  /** Known once the file has been read, as are the language and the pages. */
  format: documentFormat.nullable(),
  lang: language.nullable(),
  size_bytes: z.number().int(),
  /** Null where the document has no pages. */
  page_count: z.number().int().nullable(),
  /** Pages on which no text was found, such as scans. */
  pages_without_text: z.number().int(),
  audience: documentAudience,
  source: z.enum(['upload', 'watch_folder']),
  /** Name of who added it; null when the watch folder did, or when the account is gone. */
  added_by: z.string().nullable(),
  created_at: timestamp,
  state: documentState,
  /** Share of the present state, 0 to 1. */
  progress: z.number(),
  /** Whether the caller may remove it, which while it is on its way stops it. */
  can_remove: z.boolean(),
})
export type UploadedDocument = z.infer<typeof uploadedDocument>

/** Where a document is on its way in; `done` of `total` are pages or rows while it is parsed, and passages while it is indexed. */
export const documentEvent = z.object({
  document_id: uuid,
  state: documentState,
  done: z.number().int(),
  /** 0 while it is not known. */
  total: z.number().int(),
})
export type DocumentEvent = z.infer<typeof documentEvent>

/** The folder whose documents are taken in by themselves. */
export const watchedFolder = z.object({
  state: z.enum(['off', 'watching', 'missing']),
  /** Files that could not be taken in, with the reason. */
  problems: z.array(z.object({ file_name: z.string(), code: z.enum(errorCodes) })),
})
export type WatchedFolder = z.infer<typeof watchedFolder>

const documentId = z.object({ document_id: uuid })

export const documents = {
  upload: stream({
    summary: 'Add a document; the events tell how far it is, and ending the request before the result takes it back',
    access: staff,
    input: z.object({
      file_name: z.string().trim().min(1).max(255),
      content: z.instanceof(Uint8Array) as z.ZodType<Uint8Array>,
      /** `public` is for administrators. */
      audience: documentAudience.default('ward'),
    }),
    event: documentEvent,
    /** `duplicate`: a document of the same content was there for the same readers, and is the one that is given. */
    output: z.object({ document: uploadedDocument, duplicate: z.boolean() }),
    file: { field: 'content', nameField: 'file_name', maximumBytes: maximumDocumentBytes, tooLarge: 'document_too_large' },
    http: [{ method: 'POST', path: '/rag/upload' }],
  }),
  list: call({
    summary: 'The added documents that the caller may read, those on their way included, newest first',
    access: staff,
    input: empty,
    output: z.object({ documents: z.array(uploadedDocument), watched_folder: watchedFolder }),
    safe: true,
    rate: 'read',
    http: [{ method: 'GET', path: '/rag/documents' }],
  }),
  remove: call({
    summary: 'Erase a document: its text, passages and vectors; one on its way is stopped',
    access: staff,
    input: documentId,
    output: z.object({ document_id: uuid }),
    http: [{ method: 'DELETE', path: '/rag/documents/{document_id}' }],
  }),
  setAudience: call({
    summary: 'Say who may read a document; `owner` is the person who added it',
    access: administrators,
    input: documentId.extend({ audience: documentAudience }),
    output: uploadedDocument,
    http: [{ method: 'PUT', path: '/rag/documents/{document_id}/audience' }],
  }),
}

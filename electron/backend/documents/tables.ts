/** Table of the documents domain, for typed queries; the migrations hold its SQL. */
import { bigint, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { documentFormats } from '../../../shared/contract/documents.js'

export const uploadedDocuments = pgTable('uploaded_documents', {
  documentId: text('document_id').primaryKey(),
  lang: text('lang', { enum: ['en', 'fr'] }).notNull(),
  title: text('title').notNull(),
  fileName: text('file_name').notNull(),
  format: text('format', { enum: documentFormats }).notNull(),
  sizeBytes: integer('size_bytes').notNull(),
  /** SHA-256 of the file, hexadecimal. */
  fileDigest: text('file_digest').notNull(),
  pageCount: integer('page_count'),
  pagesWithoutText: integer('pages_without_text').notNull().default(0),
  audience: text('audience', { enum: ['public', 'ward', 'owner'] }).notNull(),
  ownerId: uuid('owner_id'),
  uploadedBy: uuid('uploaded_by'),
  watchPath: text('watch_path'),
  /** Time of the last change of the watched file, ms since 1970. */
  watchModifiedMs: bigint('watch_modified_ms', { mode: 'number' }),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
})

export type UploadRow = typeof uploadedDocuments.$inferSelect

/** Tables of the clinical index. PGlite is the truth; the Vectra index and the keyword index are made from these rows and can be made again. */
import { sql } from 'drizzle-orm'
import { boolean, check, customType, date, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import type { KnowledgeDocumentSource } from './document.js'

/** Raw bytes; an embedding is 4 bytes a dimension, float32, little endian. */
const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

export const documents = pgTable(
  'documents',
  {
    documentId: text('document_id').notNull(),
    lang: text('lang', { enum: ['en', 'fr'] }).notNull(),
    kind: text('kind', { enum: ['article', 'clinical_summary', 'upload'] }).notNull(),
    title: text('title').notNull(),
    topic: text('topic'),
    department: text('department'),
    audience: text('audience', { enum: ['public', 'ward', 'owner'] }).notNull(),
    ownerId: uuid('owner_id'),
    /** The whole text in this language; passages are slices of it. */
    content: text('content').notNull(),
    /** Digest of everything that ingestion reads for this side of the document; unchanged means nothing to do. */
    contentHash: text('content_hash').notNull(),
    sources: jsonb('sources').$type<KnowledgeDocumentSource[]>().notNull().default([]),
    reviewedBy: text('reviewed_by').notNull(),
    reviewed: boolean('reviewed').notNull().default(false),
    version: integer('version').notNull().default(1),
    updated: date('updated', { mode: 'string' }),
    keywords: text('keywords').array().notNull().default([]),
    /** UTF-16 offset at which each page begins in the content, or null where there are no pages. */
    pageStarts: integer('page_starts').array(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.lang] }),
    index('documents_kind_idx').on(table.kind, table.documentId, table.lang),
    check('documents_owner_check', sql`(${table.audience} = 'owner') = (${table.ownerId} IS NOT NULL)`),
  ],
)

export const passages = pgTable(
  'passages',
  {
    /** UUID v7; kept while the passage's text stays the same. */
    passageId: uuid('passage_id').primaryKey(),
    documentId: text('document_id').notNull(),
    lang: text('lang', { enum: ['en', 'fr'] }).notNull(),
    ordinal: integer('ordinal').notNull(),
    heading: text('heading').notNull().default(''),
    content: text('content').notNull(),
    /** UTF-16 offsets in the document's content: content.slice(start, end) is the passage. */
    startOffset: integer('start_offset').notNull(),
    endOffset: integer('end_offset').notNull(),
    audience: text('audience', { enum: ['public', 'ward', 'owner'] }).notNull(),
    ownerId: uuid('owner_id'),
    /** Digest of the text that is embedded: title, heading and content. */
    contentHash: text('content_hash').notNull(),
  },
  (table) => [
    foreignKey({ columns: [table.documentId, table.lang], foreignColumns: [documents.documentId, documents.lang] }).onDelete('cascade'),
    unique('passages_document_id_lang_ordinal_key').on(table.documentId, table.lang, table.ordinal),
  ],
)

/** The cache of embeddings by content and model; what nothing refers to any more is swept after ingestion. */
export const embeddings = pgTable(
  'embeddings',
  {
    contentHash: text('content_hash').notNull(),
    model: text('model').notNull(),
    embedding: bytea('embedding').notNull(),
  },
  (table) => [primaryKey({ columns: [table.contentHash, table.model] })],
)

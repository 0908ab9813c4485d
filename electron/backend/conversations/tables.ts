/** Tables of the conversations domain, for typed queries; the migrations hold their SQL. */
import { boolean, integer, jsonb, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'
import type { MessageMetadata } from '../../../shared/contract/conversations.js'
import type { z } from 'zod'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

export const conversations = pgTable('conversations', {
  conversationId: uuid('conversation_id').primaryKey(),
  patientId: uuid('patient_id').notNull(),
  title: varchar('title', { length: 500 }),
  conversationType: varchar('conversation_type', { length: 50, enum: ['general', 'rag_query'] }).notNull().default('general'),
  status: varchar('status', { length: 50, enum: ['active', 'archived'] }).notNull().default('active'),
  isFavorite: boolean('is_favorite').notNull().default(false),
  metadata: jsonb('metadata').$type<Record<string, z.core.util.JSONType>>().notNull().default({}),
  lastSequence: integer('last_sequence').notNull().default(0),
  createdAt: time('created_at').notNull().defaultNow(),
  updatedAt: time('updated_at').notNull().defaultNow(),
  deletedAt: time('deleted_at'),
})

export const chatMessages = pgTable('chat_messages', {
  messageId: uuid('message_id').primaryKey(),
  conversationId: uuid('conversation_id').notNull(),
  parentId: uuid('parent_id'),
  sequence: integer('sequence').notNull(),
  role: varchar('role', { length: 20, enum: ['user', 'assistant'] }).notNull(),
  content: text('content').notNull(),
  state: varchar('state', { length: 20, enum: ['streaming', 'complete', 'partial', 'stopped'] }).notNull(),
  timestamp: time('timestamp').notNull().defaultNow(),
  modelUsed: varchar('model_used', { length: 120 }),
  tokenCount: integer('token_count'),
  messageMetadata: jsonb('message_metadata').$type<MessageMetadata>().notNull().default({}),
  clientMessageId: uuid('client_message_id'),
  supersededAt: time('superseded_at'),
  deletedAt: time('deleted_at'),
})

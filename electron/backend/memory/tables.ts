/** Tables of the memory domain, for typed queries; the migrations hold their SQL. */
import { integer, jsonb, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'
import type { PromptMessage } from '../providers/completion.js'
import type { StatementKind } from './facts/statement.js'

export const conversationSummaries = pgTable('conversation_summaries', {
  conversationId: uuid('conversation_id').primaryKey(),
  content: text('content').notNull(),
  throughSequence: integer('through_sequence').notNull(),
  tokenCount: integer('token_count').notNull(),
  madeBy: varchar('made_by', { length: 20, enum: ['provider', 'extraction'] }).notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
})

export const pinnedFacts = pgTable('pinned_facts', {
  factId: uuid('fact_id').primaryKey(),
  conversationId: uuid('conversation_id').notNull(),
  messageId: uuid('message_id').notNull(),
  sequence: integer('sequence').notNull(),
  position: integer('position').notNull(),
  startOffset: integer('start_offset').notNull(),
  endOffset: integer('end_offset').notNull(),
  kind: varchar('kind', { length: 30 }).$type<StatementKind>().notNull(),
  kinds: text('kinds').array().$type<StatementKind[]>().notNull(),
  value: text('value').notNull(),
  keys: text('keys').array().notNull(),
  subject: varchar('subject', { length: 40 }),
  lang: varchar('lang', { length: 2, enum: ['en', 'fr'] }).notNull(),
  worth: integer('worth').notNull(),
  supersededBy: uuid('superseded_by'),
  deletedByPerson: timestamp('deleted_by_person', { withTimezone: true, mode: 'string' }),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
})

export const memoryProgress = pgTable('memory_progress', {
  conversationId: uuid('conversation_id').primaryKey(),
  throughSequence: integer('through_sequence').notNull().default(0),
  revision: integer('revision').notNull().default(0),
  patient: varchar('patient', { length: 40 }),
})

export const sentPrompts = pgTable('sent_prompts', {
  messageId: uuid('message_id').primaryKey(),
  messages: jsonb('messages').$type<PromptMessage[]>().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
})

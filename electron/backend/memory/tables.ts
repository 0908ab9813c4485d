/** Table of the memory domain, for typed queries; the migrations hold its SQL. */
import { integer, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'

export const conversationSummaries = pgTable('conversation_summaries', {
  conversationId: uuid('conversation_id').primaryKey(),
  content: text('content').notNull(),
  throughSequence: integer('through_sequence').notNull(),
  tokenCount: integer('token_count').notNull(),
  madeBy: varchar('made_by', { length: 20, enum: ['provider', 'extraction'] }).notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
})

/** Table of the voice domain, for typed queries; the migrations hold its SQL. */
import { pgTable, primaryKey, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'

export const messageTranslations = pgTable(
  'message_translations',
  {
    messageId: uuid('message_id').notNull(),
    lang: varchar('lang', { length: 2, enum: ['en', 'fr'] }).notNull(),
    content: text('content').notNull(),
    provider: varchar('provider', { length: 20, enum: ['groq', 'gemini', 'local'] }).notNull(),
    model: varchar('model', { length: 120 }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.lang] })],
)

/** Table of the answers that wait for a model, for typed queries; the migrations hold its SQL. */
import { integer, jsonb, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'
import { completionReasons, completionStates } from '../../../../shared/contract/chat.js'
import { roles } from '../../../../shared/contract/method.js'
import type { AnswerPreferences } from '../answer-preferences.js'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

export const answerCompletions = pgTable('answer_completions', {
  messageId: uuid('message_id').primaryKey(),
  questionId: uuid('question_id').notNull(),
  conversationId: uuid('conversation_id').notNull(),
  patientId: uuid('patient_id').notNull(),
  sessionId: uuid('session_id').notNull(),
  role: varchar('role', { length: 20, enum: roles }).notNull(),
  lang: varchar('lang', { length: 2, enum: ['en', 'fr'] }).notNull(),
  preferences: jsonb('preferences').$type<AnswerPreferences>().notNull(),
  state: varchar('state', { length: 20, enum: completionStates }).notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextTryAt: time('next_try_at'),
  reason: varchar('reason', { length: 40, enum: completionReasons }),
  createdAt: time('created_at').notNull().defaultNow(),
  updatedAt: time('updated_at').notNull().defaultNow(),
})
export type CompletionRow = typeof answerCompletions.$inferSelect

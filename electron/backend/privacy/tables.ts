/** Table of the privacy domain, for typed queries; the migrations hold its SQL. */
import { boolean, integer, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'

export const consentDecisions = pgTable('consent_decisions', {
  decisionId: uuid('decision_id').primaryKey(),
  patientId: uuid('patient_id').notNull(),
  sessionId: uuid('session_id').notNull(),
  given: boolean('given').notNull(),
  textVersion: integer('text_version').notNull(),
  lang: varchar('lang', { length: 2, enum: ['en', 'fr'] }).notNull(),
  decidedAt: timestamp('decided_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
})

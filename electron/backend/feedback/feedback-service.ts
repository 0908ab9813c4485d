/** Ratings of answers: one a person a message, the last one counts. */
import { sql } from 'drizzle-orm'
import { pgTable, text, timestamp, unique, uuid, varchar } from 'drizzle-orm/pg-core'
import { v7 as uuidv7 } from 'uuid'
import type { FeedbackEntry } from '../../../shared/contract/feedback.js'
import type { ParsedInputOf } from '../../../shared/contract/contract.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { ConversationsService } from '../conversations/conversations-service.js'
import type { Database } from '../database/database.js'
import type { Caller, DomainHandlers } from '../transport/handlers.js'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

const feedback = pgTable(
  'feedback',
  {
    feedbackId: uuid('feedback_id').primaryKey(),
    messageId: uuid('message_id').notNull(),
    patientId: uuid('patient_id').notNull(),
    rating: varchar('rating', { length: 20, enum: ['helpful', 'not_helpful'] }).notNull(),
    comment: text('comment'),
    createdAt: time('created_at').notNull().defaultNow(),
    updatedAt: time('updated_at').notNull().defaultNow(),
  },
  (table) => [unique('feedback_message_person_key').on(table.messageId, table.patientId)],
)

export class FeedbackService {
  readonly #database: Database
  readonly #conversations: ConversationsService

  constructor(parts: { database: Database; conversations: ConversationsService }) {
    this.#database = parts.database
    this.#conversations = parts.conversations
  }

  /** Keeps a rating of one of the person's own answers. Throws `not_found` or `forbidden`. */
  async submit(person: Caller, input: ParsedInputOf<'feedback.submit'>): Promise<FeedbackEntry> {
    const message = await this.#conversations.ownedMessage(person.userId, input.message_id)
    if (message.role !== 'assistant') throw new ContractError('not_found')
    const values = { rating: input.rating, comment: input.comment ?? null }
    const [row] = await this.#database.drizzle
      .insert(feedback)
      .values({ feedbackId: uuidv7(), messageId: input.message_id, patientId: person.userId, ...values })
      .onConflictDoUpdate({ target: [feedback.messageId, feedback.patientId], set: { ...values, updatedAt: sql`now()` } })
      .returning()
    if (!row) throw new ContractError('internal')
    return { feedback_id: row.feedbackId, message_id: row.messageId, rating: row.rating, comment: row.comment, created_at: row.createdAt }
  }
}

/** Binds the contract's feedback method to the service. */
export function feedbackHandlers(service: FeedbackService): DomainHandlers<'feedback'> {
  return { submit: (input, { person }) => service.submit(person, input) }
}

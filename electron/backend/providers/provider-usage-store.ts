/** Keeps what the providers were asked and what it cost, as counts; no text. */
import { integer, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../database/database.js'
import type { ProviderUsage } from './completion.js'

const providerUsage = pgTable('provider_usage', {
  usageId: uuid('usage_id').primaryKey(),
  provider: varchar('provider', { length: 20 }).notNull(),
  model: varchar('model', { length: 120 }).notNull(),
  promptTokens: integer('prompt_tokens'),
  completionTokens: integer('completion_tokens'),
  outcome: varchar('outcome', { length: 20, enum: ['complete', 'partial', 'stopped', 'failed'] }).notNull(),
  durationMs: integer('duration_ms').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
})

/** Records one use of a provider. */
export async function recordProviderUsage(database: Database, usage: ProviderUsage): Promise<void> {
  await database.drizzle.insert(providerUsage).values({ usageId: uuidv7(), ...usage, durationMs: Math.round(usage.durationMs) })
}

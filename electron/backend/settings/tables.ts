/** Table of the settings domain, for typed queries; the migrations hold its SQL. */
import { jsonb, pgTable, primaryKey, timestamp, varchar } from 'drizzle-orm/pg-core'

export const settings = pgTable(
  'settings',
  {
    /** `device`, or a person's id. */
    scope: varchar('scope', { length: 40 }).notNull(),
    key: varchar('key', { length: 100 }).notNull(),
    value: jsonb('value').$type<unknown>().notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.key] })],
)

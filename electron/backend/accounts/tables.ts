/** Tables of the accounts domain, for typed queries; the migrations hold their SQL. */
import { integer, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

export const users = pgTable('users', {
  patientId: uuid('patient_id').primaryKey(),
  fullName: varchar('full_name', { length: 200 }).notNull(),
  phoneNumber: varchar('phone_number', { length: 20 }),
  email: varchar('email', { length: 255 }),
  preferredLanguage: varchar('preferred_language', { length: 10, enum: ['en', 'fr'] }).notNull(),
  role: varchar('role', { length: 20, enum: ['guest', 'patient', 'nurse', 'admin'] }).notNull(),
  passwordHash: varchar('password_hash', { length: 255 }),
  createdAt: time('created_at').notNull().defaultNow(),
  updatedAt: time('updated_at').notNull().defaultNow(),
})

export const refreshTokens = pgTable('refresh_tokens', {
  tokenId: uuid('token_id').primaryKey(),
  familyId: uuid('family_id').notNull(),
  patientId: uuid('patient_id').notNull(),
  issuedAt: time('issued_at').notNull().defaultNow(),
  expiresAt: time('expires_at').notNull(),
  replacedBy: uuid('replaced_by'),
  revokedAt: time('revoked_at'),
})

export const signInAttempts = pgTable('sign_in_attempts', {
  phoneKey: text('phone_key').primaryKey(),
  failures: integer('failures').notNull(),
  lockedUntil: time('locked_until'),
  updatedAt: time('updated_at').notNull().defaultNow(),
})

/**
 * Lock-out with back-off: after five wrong passwords in a row a number waits 30 s, and twice as long after each further one, up to 15 minutes.
 * Unknown numbers are counted like known ones, so that the answer tells nothing.
 */
import { createHmac } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { ContractError } from '../../../shared/contract/errors.js'
import type { Database } from '../database/database.js'
import { signInAttempts } from './tables.js'

const freeFailures = 5
const firstLockSeconds = 30
const longestLockSeconds = 15 * 60

export class SignInGuard {
  readonly #database: Database
  readonly #key: Uint8Array
  readonly #now: () => Date

  /** `key`: secret for the keyed hash under which numbers are counted. */
  constructor(parts: { database: Database; key: Uint8Array; now: () => Date }) {
    this.#database = parts.database
    this.#key = parts.key
    this.#now = parts.now
  }

  /** Throws `locked_out` with the seconds to wait while a number is locked. */
  async assertOpen(phoneNumber: string): Promise<void> {
    const [row] = await this.#database.drizzle.select().from(signInAttempts).where(eq(signInAttempts.phoneKey, this.#phoneKey(phoneNumber)))
    if (!row?.lockedUntil) return
    const seconds = Math.ceil((Date.parse(row.lockedUntil) - this.#now().getTime()) / 1000)
    if (seconds > 0) throw new ContractError('locked_out', { retryAfterS: seconds })
  }

  /** Counts a wrong password. */
  async recordFailure(phoneNumber: string): Promise<void> {
    const [row] = await this.#database.drizzle
      .insert(signInAttempts)
      .values({ phoneKey: this.#phoneKey(phoneNumber), failures: 1 })
      .onConflictDoUpdate({ target: signInAttempts.phoneKey, set: { failures: sql`${signInAttempts.failures} + 1`, updatedAt: sql`now()` } })
      .returning({ failures: signInAttempts.failures })
    const excess = (row?.failures ?? 0) - freeFailures
    if (excess < 0) return
    const seconds = Math.min(longestLockSeconds, firstLockSeconds * 2 ** excess)
    const lockedUntil = new Date(this.#now().getTime() + seconds * 1000).toISOString()
    await this.#database.drizzle.update(signInAttempts).set({ lockedUntil }).where(eq(signInAttempts.phoneKey, this.#phoneKey(phoneNumber)))
  }

  /** Forgets the failures after the right password. */
  async recordSuccess(phoneNumber: string): Promise<void> {
    await this.#database.drizzle.delete(signInAttempts).where(eq(signInAttempts.phoneKey, this.#phoneKey(phoneNumber)))
  }

  #phoneKey(phoneNumber: string): string {
    return createHmac('sha256', this.#key).update(phoneNumber).digest('hex')
  }
}

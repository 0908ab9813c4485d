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

  /**
   * Lets one attempt through and counts it as a failure until `recordSuccess`: attempts that come at once are counted before any of them is
   * checked. Throws `locked_out` with the seconds to wait while a number is locked.
   */
  async admit(phoneNumber: string): Promise<void> {
    const phoneKey = this.#phoneKey(phoneNumber)
    const now = this.#now()
    const at = now.toISOString()
    const failures = sql`${signInAttempts.failures} + 1`
    const lockSeconds = sql`least(${longestLockSeconds}::float8, ${firstLockSeconds}::float8 * 2 ^ least(20, ${failures} - ${freeFailures}))`
    const counted = await this.#database.drizzle
      .insert(signInAttempts)
      .values({ phoneKey, failures: 1 })
      .onConflictDoUpdate({
        target: signInAttempts.phoneKey,
        set: {
          failures,
          lockedUntil: sql`case when ${failures} >= ${freeFailures} then ${at}::timestamptz + make_interval(secs => ${lockSeconds}) end`,
          updatedAt: sql`now()`,
        },
        setWhere: sql`${signInAttempts.lockedUntil} is null or ${signInAttempts.lockedUntil} <= ${at}::timestamptz`,
      })
      .returning({ failures: signInAttempts.failures })
    if (counted.length > 0) return
    const [row] = await this.#database.drizzle.select().from(signInAttempts).where(eq(signInAttempts.phoneKey, phoneKey))
    const waitMs = row?.lockedUntil ? Date.parse(row.lockedUntil) - now.getTime() : 0
    throw new ContractError('locked_out', { retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)) })
  }

  /** Forgets the failures after the right password. */
  async recordSuccess(phoneNumber: string): Promise<void> {
    await this.#database.drizzle.delete(signInAttempts).where(eq(signInAttempts.phoneKey, this.#phoneKey(phoneNumber)))
  }

  #phoneKey(phoneNumber: string): string {
    return createHmac('sha256', this.#key).update(phoneNumber).digest('hex')
  }
}

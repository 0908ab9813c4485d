/**
 * What Postgres inside WASM does not do by itself: there is no autovacuum and no timed checkpoint. Runs in short steps when the database is idle,
 * so that nobody waits behind it.
 */
import type { Logger } from '../logging/logger.js'
import type { Database } from './database.js'

export interface DatabaseMaintenanceParts {
  database: Database
  /** Erases what was deleted longer ago than it can be restored; returns the number of rows. */
  eraseDeleted: () => Promise<number>
  logger: Logger
  intervalMs?: number
}

const defaultIntervalMs = 60_000
/** A full round of VACUUM every so many intervals. */
const intervalsPerVacuum = 60

export class DatabaseMaintenance {
  readonly #parts: DatabaseMaintenanceParts
  #timer: NodeJS.Timeout | undefined
  #rounds = 0
  #running = false

  constructor(parts: DatabaseMaintenanceParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => void this.round(), this.#parts.intervalMs ?? defaultIntervalMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** One round: erase, and vacuum when something was erased or the hour is over. */
  async round(): Promise<void> {
    if (this.#running) return
    this.#running = true
    const { database, logger } = this.#parts
    try {
      this.#rounds += 1
      const erased = await this.#parts.eraseDeleted()
      if (erased > 0 || this.#rounds % intervalsPerVacuum === 0) {
        await database.execute('vacuum')
        await database.execute('checkpoint')
        logger.info({ event: 'maintenance', erased }, 'vacuum and checkpoint done')
      }
    } catch (error) {
      logger.error({ err: error, event: 'maintenance_failed' }, 'maintenance failed; the next round tries again')
    } finally {
      this.#running = false
    }
  }
}

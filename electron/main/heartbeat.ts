/** Watches that the backend answers. Time is given from outside; all of it in ms. */
export interface HeartbeatLimits {
  intervalMs: number
  /** Longest silence before the backend counts as spinning. */
  silenceMs: number
  /** Longest time that the database may spend in one statement. */
  busyMs: number
}

export const heartbeatLimits: HeartbeatLimits = { intervalMs: 2_000, silenceMs: 10_000, busyMs: 60_000 }

export type HeartbeatVerdict = 'alive' | 'silent' | 'database_stuck'

export class Heartbeat {
  readonly #limits: HeartbeatLimits
  #lastTick: number
  #lastPong: number
  #databaseBusyMs = 0

  constructor(now: number, limits: HeartbeatLimits = heartbeatLimits) {
    this.#limits = limits
    this.#lastTick = now
    this.#lastPong = now
  }

  /** The backend answered. */
  pong(now: number, databaseBusyMs: number): void {
    this.#lastPong = now
    this.#databaseBusyMs = databaseBusyMs
  }

  /** Called every interval. A tick that comes much too late means that this process slept (suspend): then nobody could have answered. */
  tick(now: number): HeartbeatVerdict {
    const slept = now - this.#lastTick > this.#limits.intervalMs * 2
    this.#lastTick = now
    if (slept) {
      this.#lastPong = now
      return 'alive'
    }
    if (now - this.#lastPong >= this.#limits.silenceMs) return 'silent'
    return this.#databaseBusyMs >= this.#limits.busyMs ? 'database_stuck' : 'alive'
  }
}

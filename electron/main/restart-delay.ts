/** How long to wait before a backend that died is started again: twice as long each time, short again once one has stayed up. */
export class RestartDelay {
  readonly #firstMs: number
  readonly #longestMs: number
  readonly #healthyMs: number
  #nextMs: number

  /** First and longest pause, and the time up (all ms) after which the next pause is the first one again. */
  constructor({ firstMs = 250, longestMs = 10_000, healthyMs = 60_000 } = {}) {
    this.#firstMs = firstMs
    this.#longestMs = longestMs
    this.#healthyMs = healthyMs
    this.#nextMs = firstMs
  }

  /** The pause after a backend that was up for `uptimeMs`. */
  next(uptimeMs: number): number {
    if (uptimeMs >= this.#healthyMs) this.#nextMs = this.#firstMs
    const delay = this.#nextMs
    this.#nextMs = Math.min(delay * 2, this.#longestMs)
    return delay
  }
}

import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel'
import { ProviderFailure } from './provider-failure.js'

/** One attempt under the breaker's eyes. The first verdict counts, later ones are ignored. */
export interface CircuitTrial {
  succeed(): void
  /** An outage counts towards opening; any other failure shows that the provider can be reached. */
  fail(failure: ProviderFailure): void
  /** Nothing was learned, e.g. the person stopped the answer. */
  abandon(): void
}

/** Keeps calls away from a provider that failed several times in a row, and lets one through after a while to see. */
export class ProviderCircuit {
  readonly #breaker
  readonly #halfOpenAfterMs: number
  #openedAt = 0

  constructor({ failures, halfOpenAfterMs }: { failures: number; halfOpenAfterMs: number }) {
    this.#halfOpenAfterMs = halfOpenAfterMs
    this.#breaker = circuitBreaker(
      handleWhen((error) => error instanceof ProviderFailure && error.outage),
      { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: halfOpenAfterMs },
    )
    // The breaker reads the system's clock and so does this.
    this.#breaker.onBreak(() => (this.#openedAt = Date.now()))
  }

  /** Whether a call would be kept away now: open, or half-open with its one trial under way. */
  get isOpen(): boolean {
    if (this.#breaker.state === CircuitState.HalfOpen) return true
    return this.#breaker.state === CircuitState.Open && Date.now() - this.#openedAt < this.#halfOpenAfterMs
  }

  /** Starts an attempt; null when the circuit keeps it away. An answer is a stream, so its verdict comes when it ends. */
  async begin(): Promise<CircuitTrial | null> {
    if (this.isOpen) return null
    return new Promise((started) => {
      this.#breaker
        .execute(
          () =>
            new Promise<void>((resolve, reject) =>
              started({ succeed: resolve, fail: reject, abandon: () => reject(new Error('abandoned')) }),
            ),
        )
        // The verdict is the caller's own news; before it, a rejection means that the circuit opened in between.
        .catch(() => started(null))
    })
  }
}

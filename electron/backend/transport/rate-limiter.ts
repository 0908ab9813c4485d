/** A token bucket a caller and class: full at first, refilled evenly over the minute. Kept in memory only. */
import type { RateClass } from '../../../shared/contract/method.js'

interface Bucket {
  tokens: number
  updatedAt: number
}

/** Reads count a tenth: a window asks many small questions of its own accord. */
const capacityFactor: Record<Exclude<RateClass, 'free'>, number> = { ask: 1, read: 10 }
const largestNumberOfBuckets = 10_000

export class RateLimiter {
  readonly #perMinute: number
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  /** `perMinute`: calls of class `ask` a caller a minute. */
  constructor(perMinute: number, now: () => number = Date.now) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Takes one call from the caller's bucket; returns 0, or the seconds until the next call is allowed. */
  take(callerKey: string, rateClass: RateClass): number {
    if (rateClass === 'free') return 0
    const capacity = this.#perMinute * capacityFactor[rateClass]
    const now = this.#now()
    const key = `${rateClass}:${callerKey}`
    const bucket = this.#buckets.get(key) ?? { tokens: capacity, updatedAt: now }
    const refillPerMs = capacity / 60_000
    bucket.tokens = Math.min(capacity, bucket.tokens + Math.max(0, now - bucket.updatedAt) * refillPerMs)
    bucket.updatedAt = now
    // Re-inserted so that the oldest bucket is first when one has to go.
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > largestNumberOfBuckets) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1
      return 0
    }
    return Math.ceil((1 - bucket.tokens) / refillPerMs / 1000)
  }
}

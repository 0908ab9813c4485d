import { parseRetryAfter } from './parse-retry-after.js'

/**
 * Why a provider did not answer, as a stable word: a provider's own message may quote the prompt and is never kept.
 * `cut`: the stream broke after its first words.
 * `refused`: the provider will not answer this request (its safety filter, an unknown model, a bad request).
 * `malformed`: what it sent cannot be read or holds no answer.
 */
export const failureReasons = [
  'unauthorized',
  'rate_limited',
  'server_error',
  'timed_out',
  'network',
  'malformed',
  'cut',
  'circuit_open',
  'not_configured',
  'refused',
] as const
export type FailureReason = (typeof failureReasons)[number]

const transient: readonly FailureReason[] = ['rate_limited', 'server_error', 'timed_out', 'network']
/** What says that the provider is unwell; a wrong key or a refusal says nothing about its health. */
const outages: readonly FailureReason[] = [...transient, 'malformed', 'cut']

/** A provider's failure, reduced to what may be logged and shown. It has no cause on purpose: SDK errors quote requests and responses. */
export class ProviderFailure extends Error {
  readonly reason: FailureReason
  readonly status: number | undefined
  /** How long the provider asks to wait, in ms. */
  readonly retryAfterMs: number | undefined

  constructor(reason: FailureReason, options: { status?: number | undefined; retryAfterMs?: number | undefined } = {}) {
    super(reason)
    this.name = 'ProviderFailure'
    this.reason = reason
    this.status = options.status
    this.retryAfterMs = options.retryAfterMs
  }

  /** Worth another attempt at the same provider. */
  get transient(): boolean {
    return transient.includes(this.reason)
  }

  /** Counts towards opening the circuit. */
  get outage(): boolean {
    return outages.includes(this.reason)
  }

  /** The failure that an HTTP status means; `retryAfter` is the Retry-After header as received. */
  static fromStatus(status: number, retryAfter?: string | null): ProviderFailure {
    return new ProviderFailure(reasonOfStatus(status), { status, retryAfterMs: parseRetryAfter(retryAfter, Date.now()) })
  }
}

function reasonOfStatus(status: number): FailureReason {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 429) return 'rate_limited'
  if (status === 408) return 'timed_out'
  if (status >= 500) return 'server_error'
  return 'refused'
}

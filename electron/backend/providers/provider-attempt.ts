import { TaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel'
import type { TokenUsage } from './completion.js'
import type { AdapterRequest, ProviderAdapter, ProviderConnection } from './provider-adapter.js'
import { ProviderFailure } from './provider-failure.js'

export interface AttemptOptions extends Omit<AdapterRequest, 'model'> {
  adapter: ProviderAdapter
  /** The model, or how to learn it from the server. */
  model: string | ((connection: ProviderConnection, signal: AbortSignal) => Promise<string>)
  /** Longest wait for the response to open, and then for each next piece of it, in ms. */
  limitMs: number
}

export type AttemptEvent =
  | { type: 'opened'; model: string }
  | { type: 'text'; text: string }
  | { type: 'ended'; finishReason: string; usage: TokenUsage }

const noUsage: TokenUsage = { promptTokens: null, completionTokens: null }

/** The error that a stopped answer ends with. */
export function stopped(): DOMException {
  return new DOMException('The answer was stopped', 'AbortError')
}

/**
 * One attempt at one provider: `opened`, `text`…, `ended`. Throws ProviderFailure, or an AbortError as soon as the signal aborts.
 * However it is left, the connection is closed. A stream that ends without the provider's word that it is done counts as broken:
 * half an answer must not pass for a whole one.
 */
export async function* attemptCompletion(options: AttemptOptions): AsyncGenerator<AttemptEvent, void> {
  const { adapter, connection, signal, limitMs, messages, temperature, maximumTokens } = options
  const upstream = new AbortController()
  const closeUpstream = () => upstream.abort()
  const policy = timeout(limitMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false })

  /** Waits for the provider no longer than the limit and not a moment past a stop. */
  const bounded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw stopped()
    try {
      return await policy.execute(work, signal)
    } catch (error) {
      if (signal.aborted) throw stopped()
      // Not cockatiel's isTaskCancelledError, which in 3.2.1 looks for another error.
      throw error instanceof TaskCancelledError ? new ProviderFailure('timed_out') : error
    }
  }

  signal.addEventListener('abort', closeUpstream, { once: true })
  try {
    const choose = options.model
    const model = typeof choose === 'string' ? choose : await bounded(() => choose(connection, upstream.signal))
    const stream = await bounded(() => adapter.open({ connection, model, messages, temperature, maximumTokens, signal: upstream.signal }))
    yield { type: 'opened', model }

    const chunks = stream[Symbol.asyncIterator]()
    let finishReason: string | null = null
    let usage = noUsage
    let words = false
    for (;;) {
      const next = await bounded(() => chunks.next())
      if (next.done) break
      finishReason = next.value.finishReason ?? finishReason
      usage = next.value.usage ?? usage
      if (next.value.text === '') continue
      words = true
      yield { type: 'text', text: next.value.text }
    }
    if (finishReason === null) throw new ProviderFailure(words ? 'cut' : 'network')
    if (!words) throw new ProviderFailure('malformed')
    yield { type: 'ended', finishReason, usage }
  } finally {
    signal.removeEventListener('abort', closeUpstream)
    upstream.abort()
  }
}

/** One recording at one provider: attempts, their time, the provider's circuit, and the count of what was used. */
import { TaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel'
import type { ProviderName } from '../../../shared/contract/common.js'
import type { ProviderUsage } from './completion.js'
import type { ProviderAdapter, ProviderConnection, SpeechRequest } from './provider-adapter.js'
import { stopped } from './provider-attempt.js'
import type { ProviderCircuit } from './provider-circuit.js'
import { ProviderFailure } from './provider-failure.js'
import type { SpokenText } from './spoken-text.js'

export type SpeechRecording = Pick<SpeechRequest, 'audio' | 'fileName' | 'language' | 'signal'> & {
  /** Longest time of one attempt, in ms: a long recording on the hospital's own server takes minutes. */
  limitMs: number
}

export interface TranscribeSpeechParts extends SpeechRecording {
  provider: ProviderName
  adapter: ProviderAdapter
  connection: ProviderConnection
  /** The model to ask for; empty when the provider has none. */
  model: (connection: ProviderConnection, signal: AbortSignal) => Promise<string>
  circuit: ProviderCircuit
  now: () => number
  /** How long to wait before another attempt, in ms, or null not to make one. */
  delayBeforeRetry: (failure: ProviderFailure, attempts: number) => number | null
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  failureOf: (error: unknown) => ProviderFailure
  onFailure: (failure: ProviderFailure, attempt: number) => void
  record: (usage: ProviderUsage) => void
}

/** Names under which servers offer models that hear. */
const speechModels = /whisper|voxtral|parakeet|canary|moonshine/i

/** The first model of a server that turns speech into text; empty when there is none. */
export function speechModelAmong(models: readonly string[]): string {
  return models.find((model) => speechModels.test(model)) ?? ''
}

/** The text of a recording. Throws ProviderFailure (`not_configured` where the provider cannot hear), or an AbortError when the signal aborts. */
export async function transcribeSpeech(parts: TranscribeSpeechParts): Promise<SpokenText & { model: string }> {
  const { signal, provider } = parts
  const startedAt = parts.now()
  const usage: ProviderUsage = { provider, model: '', promptTokens: null, completionTokens: null, outcome: 'stopped', durationMs: 0 }
  try {
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) throw stopped()
      const trial = await parts.circuit.begin()
      if (trial === null) throw new ProviderFailure('circuit_open')
      try {
        const heard = await attemptOnce(parts, (model) => (usage.model = model))
        trial.succeed()
        usage.outcome = 'complete'
        return { ...heard, model: usage.model }
      } catch (error) {
        if (signal.aborted) throw stopped()
        const failure = parts.failureOf(error)
        trial.fail(failure)
        parts.onFailure(failure, attempt)
        usage.outcome = 'failed'
        const delay = parts.delayBeforeRetry(failure, attempt)
        if (delay === null) throw failure
        await parts.sleep(delay, signal).catch((reason: unknown) => {
          throw signal.aborted ? stopped() : reason
        })
      } finally {
        trial.abandon()
      }
    }
  } finally {
    if (usage.model !== '') parts.record({ ...usage, durationMs: parts.now() - startedAt })
  }
}

async function attemptOnce({ adapter, connection, signal, limitMs, audio, fileName, language, model: choose }: TranscribeSpeechParts, onModel: (model: string) => void): Promise<SpokenText> {
  if (!adapter.transcribe) throw new ProviderFailure('not_configured')
  const upstream = new AbortController()
  const close = (): void => upstream.abort()
  signal.addEventListener('abort', close, { once: true })
  try {
    return await timeout(limitMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }).execute(async () => {
      const model = await choose(connection, upstream.signal)
      if (model === '' || !adapter.transcribe) throw new ProviderFailure('not_configured')
      onModel(model)
      return adapter.transcribe({ connection, model, audio, fileName, language, signal: upstream.signal })
    }, signal)
  } catch (error) {
    throw error instanceof TaskCancelledError ? new ProviderFailure('timed_out') : error
  } finally {
    signal.removeEventListener('abort', close)
    upstream.abort()
  }
}

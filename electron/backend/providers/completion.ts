/** The question put to the providers and what comes back; the vocabulary between the chat and the providers. */
import type { ProviderName } from '../../../shared/contract/common.js'
import type { FailureReason } from './provider-failure.js'

export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface CompletionRequest {
  messages: readonly PromptMessage[]
  /** Asked first when it is usable; the others follow in the configured order. */
  provider?: ProviderName | null
  /** Model of `provider`, or of the first one asked when that is not given; the others use their own. */
  model?: string | null
  temperature?: number | null
  maximumTokens?: number
  /** The only providers that may see this prompt, e.g. `['local']` without consent to the cloud. All, when absent. */
  allowed?: readonly ProviderName[]
  /** Stop: the generator throws an AbortError at once and the connection to the provider is closed. */
  signal: AbortSignal
}

export interface TokenUsage {
  promptTokens: number | null
  completionTokens: number | null
}

/**
 * For each provider asked: `started` when its response first opens, `delta`…, then `finished` and the end; or else `cut` if it
 * broke after its first words, and `fallback` to the next. `exhausted` is last when no provider finished.
 */
export type CompletionEvent =
  | { type: 'started'; provider: ProviderName; model: string }
  | { type: 'delta'; text: string }
  | { type: 'cut'; provider: ProviderName; reason: FailureReason }
  | { type: 'fallback'; from: ProviderName; to: ProviderName | null; reason: FailureReason }
  /** `finishReason`: `stop`, `length` (the token limit was reached) or the provider's own word in lower case. */
  | { type: 'finished'; provider: ProviderName; model: string; finishReason: string | null; usage: TokenUsage }
  | { type: 'exhausted'; reason: FailureReason }

/** One provider's part in one question, its retries included. */
export interface ProviderUsage extends TokenUsage {
  provider: ProviderName
  model: string
  outcome: 'complete' | 'partial' | 'stopped' | 'failed'
  durationMs: number
}

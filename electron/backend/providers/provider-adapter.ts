/** What the service asks of a provider's protocol; one adapter for each wire format. */
import type { PromptMessage, TokenUsage } from './completion.js'
import type { SpokenText } from './spoken-text.js'

export interface ProviderConnection {
  baseUrl: string
  /** Null when the server needs none. */
  apiKey: string | null
}

export interface AdapterRequest {
  connection: ProviderConnection
  model: string
  messages: readonly PromptMessage[]
  temperature: number | null
  maximumTokens: number | null
  /** Aborting it closes the connection. */
  signal: AbortSignal
}

/** A piece of the answer. The last one that holds a finish reason or a usage counts. */
export interface AnswerChunk {
  text: string
  /** `stop`, `length` or the provider's own word in lower case; null until the provider says that it is done. */
  finishReason: string | null
  usage: TokenUsage | null
}

/** A recording to be turned into text. */
export interface SpeechRequest {
  connection: ProviderConnection
  model: string
  audio: Uint8Array
  /** With the ending of its true format, by which services tell it; never the person's own name for it. */
  fileName: string
  /** What is spoken, as a code; null lets the service find out. */
  language: string | null
  /** Aborting it closes the connection. */
  signal: AbortSignal
}

export interface ProviderAdapter {
  /**
   * Sends the prompt and resolves when the response opens (HTTP 200). Neither retries nor limits the time.
   * Both this and the iteration throw ProviderFailure.
   */
  open(request: AdapterRequest): Promise<AsyncIterable<AnswerChunk>>
  /** The server's models, in its order. Throws ProviderFailure. Absent where the models are known. */
  models?(connection: ProviderConnection, signal: AbortSignal): Promise<string[]>
  /** Turns speech into text. Neither retries nor limits the time. Throws ProviderFailure. Absent where the protocol has no such call. */
  transcribe?(request: SpeechRequest): Promise<SpokenText>
}

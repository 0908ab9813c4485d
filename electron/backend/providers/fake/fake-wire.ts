/** What the fake's server needs to know of a wire format. */

export interface FakeMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface FakePrompt {
  model: string
  messages: FakeMessage[]
  stream: boolean
}

export type FakeErrorKind = 'rate-limited' | 'server-error' | 'unauthorized' | 'bad-request'

export interface FakeReply {
  status: number
  headers?: Record<string, string>
  body: unknown
}

export interface FakeUsage {
  promptTokens: number
  completionTokens: number
}

export interface FakeWire {
  /** Reads a request; null when it is not one. `path` is the URL's path. */
  readPrompt(path: string, body: unknown): FakePrompt | null
  /** The data of one event of the stream. */
  chunk(model: string, text: string): string
  /** The data of the events that end a stream. */
  end(model: string, usage: FakeUsage): string[]
  /** The data of the events of an answer that the safety filter took back. */
  refusal(model: string): string[]
  /** The answer in one piece. */
  whole(model: string, text: string, usage: FakeUsage): unknown
  /** An error as the provider words it; `retryAfter` as a Retry-After header would hold it. */
  error(kind: FakeErrorKind, retryAfter: string): FakeReply
  /** The list of models. */
  models(names: readonly string[]): unknown
}

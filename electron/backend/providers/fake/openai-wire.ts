import { z } from 'zod'
import type { FakeErrorKind, FakePrompt, FakeReply, FakeUsage, FakeWire } from './fake-wire.js'

const requestBody = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1),
  stream: z.boolean().optional(),
})

const errors: Readonly<Record<FakeErrorKind, { status: number; error: object }>> = {
  'rate-limited': { status: 429, error: { message: 'Rate limit reached. Please try again later.', type: 'tokens', code: 'rate_limit_exceeded' } },
  'server-error': { status: 500, error: { message: 'Internal Server Error', type: 'internal_server_error' } },
  unauthorized: { status: 401, error: { message: 'Invalid API Key', type: 'invalid_request_error', code: 'invalid_api_key' } },
  'bad-request': { status: 400, error: { message: 'The request is not valid', type: 'invalid_request_error' } },
}

/** OpenAI's chat completions; with `dialect: 'groq'`, the usage comes under `x_groq` in the last chunk, as Groq sends it. */
export class OpenAiWire implements FakeWire {
  readonly #dialect: 'openai' | 'groq'

  constructor(dialect: 'openai' | 'groq') {
    this.#dialect = dialect
  }

  readPrompt(_path: string, body: unknown): FakePrompt | null {
    const parsed = requestBody.safeParse(body)
    if (!parsed.success) return null
    return {
      model: parsed.data.model,
      messages: parsed.data.messages.map(({ role, content }) => ({ role, content })),
      stream: parsed.data.stream ?? false,
    }
  }

  chunk(model: string, text: string): string {
    return JSON.stringify(this.#chunk(model, { delta: { role: 'assistant', content: text }, finish_reason: null }))
  }

  end(model: string, usage: FakeUsage): string[] {
    const last = this.#chunk(model, { delta: {}, finish_reason: 'stop' })
    if (this.#dialect === 'groq') return [JSON.stringify({ ...last, x_groq: { id: 'req_fake', usage: wireUsage(usage) } }), '[DONE]']
    return [JSON.stringify(last), JSON.stringify({ ...last, choices: [], usage: wireUsage(usage) }), '[DONE]']
  }

  refusal(model: string): string[] {
    return [JSON.stringify(this.#chunk(model, { delta: {}, finish_reason: 'content_filter' })), '[DONE]']
  }

  whole(model: string, text: string, usage: FakeUsage): unknown {
    return {
      id: 'chatcmpl-fake',
      object: 'chat.completion',
      created: seconds(),
      model,
      choices: [{ index: 0, message: { role: 'assistant', content: text }, logprobs: null, finish_reason: 'stop' }],
      usage: wireUsage(usage),
    }
  }

  error(kind: FakeErrorKind, retryAfter: string): FakeReply {
    const { status, error } = errors[kind]
    return { status, body: { error }, ...(kind === 'rate-limited' ? { headers: { 'retry-after': retryAfter } } : {}) }
  }

  models(names: readonly string[]): unknown {
    return { object: 'list', data: names.map((id) => ({ id, object: 'model', created: seconds(), owned_by: 'fake' })) }
  }

  #chunk(model: string, choice: object) {
    return { id: 'chatcmpl-fake', object: 'chat.completion.chunk', created: seconds(), model, choices: [{ index: 0, logprobs: null, ...choice }] }
  }
}

function wireUsage({ promptTokens, completionTokens }: FakeUsage) {
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}

import type { AdapterRequest, AnswerChunk, ProviderAdapter } from './provider-adapter.js'
import { readOpenAiChunk } from './read-openai-chunk.js'
import { toOpenAiFailure } from './to-openai-failure.js'

/** Groq's chat completions through its SDK. */
export class GroqAdapter implements ProviderAdapter {
  async open(request: AdapterRequest): Promise<AsyncIterable<AnswerChunk>> {
    // Imported when first needed: a cold start does not pay for it.
    const { Groq } = await import('groq-sdk')
    try {
      const client = new Groq({
        apiKey: request.connection.apiKey ?? '',
        baseURL: groqBaseUrl(request.connection.baseUrl),
        maxRetries: 0,
        // The SDK logs what it cannot parse, and whole requests when an environment variable says so: patient text.
        logLevel: 'off',
      })
      const stream = await client.chat.completions.create(
        {
          model: request.model,
          messages: request.messages.map(({ role, content }) => ({ role, content })),
          stream: true,
          ...(request.temperature === null ? {} : { temperature: request.temperature }),
          ...(request.maximumTokens === null ? {} : { max_completion_tokens: request.maximumTokens }),
        },
        { signal: request.signal },
      )
      return read(stream)
    } catch (error) {
      throw toOpenAiFailure(error, Groq)
    }

    async function* read(stream: AsyncIterable<Parameters<typeof readOpenAiChunk>[0]>): AsyncGenerator<AnswerChunk> {
      try {
        for await (const chunk of stream) yield readOpenAiChunk(chunk)
      } catch (error) {
        throw toOpenAiFailure(error, Groq)
      }
    }
  }
}

/** The address that the SDK appends `/openai/v1/…` to. */
export function groqBaseUrl(address: string): string {
  return address.replace(/\/+$/, '').replace(/\/openai(\/v1)?$/, '')
}

import type { AdapterRequest, AnswerChunk, ProviderAdapter, ProviderConnection, SpeechRequest } from './provider-adapter.js'
import { readOpenAiChunk } from './read-openai-chunk.js'
import { readSpokenText, type SpokenText } from './spoken-text.js'
import { toOpenAiFailure } from './to-openai-failure.js'

type GroqSdk = typeof import('groq-sdk').Groq

/** Groq's chat completions, and its Whisper, through its SDK. */
export class GroqAdapter implements ProviderAdapter {
  async open(request: AdapterRequest): Promise<AsyncIterable<AnswerChunk>> {
    // Imported when first needed: a cold start does not pay for it.
    const { Groq } = await import('groq-sdk')
    try {
      const stream = await createClient(Groq, request.connection).chat.completions.create(
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

  async transcribe({ connection, model, audio, fileName, language, signal }: SpeechRequest): Promise<SpokenText> {
    const { Groq, toFile } = await import('groq-sdk')
    try {
      const file = await toFile(audio, fileName)
      const answer: unknown = await createClient(Groq, connection).audio.transcriptions.create(
        { file, model, response_format: 'verbose_json', temperature: 0, ...(language === null ? {} : { language }) },
        { signal },
      )
      return readSpokenText(answer)
    } catch (error) {
      throw toOpenAiFailure(error, Groq)
    }
  }
}

function createClient(Groq: GroqSdk, { apiKey, baseUrl }: ProviderConnection) {
  return new Groq({
    apiKey: apiKey ?? '',
    baseURL: groqBaseUrl(baseUrl),
    maxRetries: 0,
    // The SDK logs what it cannot parse, and whole requests when an environment variable says so: patient text.
    logLevel: 'off',
  })
}

/** The address that the SDK appends `/openai/v1/…` to. */
export function groqBaseUrl(address: string): string {
  return address.replace(/\/+$/, '').replace(/\/openai(\/v1)?$/, '')
}

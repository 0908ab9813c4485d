import type { AdapterRequest, AnswerChunk, ProviderAdapter, ProviderConnection, SpeechRequest } from './provider-adapter.js'
import { ProviderFailure } from './provider-failure.js'
import { readOpenAiChunk, type WireChunk } from './read-openai-chunk.js'
import { readSpokenText, type SpokenText } from './spoken-text.js'
import { toOpenAiFailure } from './to-openai-failure.js'

type OpenAi = typeof import('openai').OpenAI

/** Any server that speaks OpenAI's chat completions (llama.cpp, Ollama, vLLM …): the hospital's own. */
export class OpenAiCompatibleAdapter implements ProviderAdapter {
  async open(request: AdapterRequest): Promise<AsyncIterable<AnswerChunk>> {
    // Imported when first needed: a cold start does not pay for it.
    const { OpenAI } = await import('openai')
    try {
      const stream = await createClient(OpenAI, request.connection).chat.completions.create(
        {
          model: request.model,
          messages: request.messages.map(({ role, content }) => ({ role, content })),
          stream: true,
          stream_options: { include_usage: true },
          ...(request.temperature === null ? {} : { temperature: request.temperature }),
          // The older name: every compatible server knows it, few know `max_completion_tokens`.
          ...(request.maximumTokens === null ? {} : { max_tokens: request.maximumTokens }),
        },
        { signal: request.signal },
      )
      return read(stream, OpenAI)
    } catch (error) {
      throw toOpenAiFailure(error, OpenAI)
    }
  }

  async models(connection: ProviderConnection, signal: AbortSignal): Promise<string[]> {
    const { OpenAI } = await import('openai')
    try {
      const page = await createClient(OpenAI, connection).models.list({ signal })
      // Compatible servers differ in what they send beside the id.
      if (!Array.isArray(page.data)) throw new ProviderFailure('malformed')
      return page.data.map((model) => model.id).filter((id) => typeof id === 'string' && id !== '')
    } catch (error) {
      throw toOpenAiFailure(error, OpenAI)
    }
  }

  async transcribe({ connection, model, audio, fileName, language, signal }: SpeechRequest): Promise<SpokenText> {
    const { OpenAI, toFile } = await import('openai')
    try {
      const file = await toFile(audio, fileName)
      const answer: unknown = await createClient(OpenAI, connection).audio.transcriptions.create(
        { file, model, response_format: 'verbose_json', temperature: 0, ...(language === null ? {} : { language }) },
        { signal },
      )
      return readSpokenText(answer)
    } catch (error) {
      throw toOpenAiFailure(error, OpenAI)
    }
  }
}

function createClient(OpenAI: OpenAi, { apiKey, baseUrl }: ProviderConnection) {
  return new OpenAI({
    apiKey: apiKey ?? 'none',
    // Nothing meant for OpenAI's own service may reach the hospital's server from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: openAiBaseUrl(baseUrl),
    ...(apiKey === null ? { defaultHeaders: { Authorization: null } } : {}),
    maxRetries: 0,
    // The SDK logs whole requests when an environment variable says so: patient text.
    logLevel: 'off',
  })
}

async function* read(stream: AsyncIterable<WireChunk>, OpenAI: OpenAi): AsyncGenerator<AnswerChunk> {
  try {
    for await (const chunk of stream) yield readOpenAiChunk(chunk)
  } catch (error) {
    throw toOpenAiFailure(error, OpenAI)
  }
}

/** The address that the SDK appends `/chat/completions` to. */
export function openAiBaseUrl(address: string): string {
  return `${address.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`
}

import type { Content, EnhancedGenerateContentResponse, GenerationConfig } from '@google/generative-ai'
import type { PromptMessage } from './completion.js'
import type { AdapterRequest, AnswerChunk, ProviderAdapter } from './provider-adapter.js'
import { ProviderFailure } from './provider-failure.js'
import { toGeminiFailure } from './to-gemini-failure.js'

const finishWords: Readonly<Record<string, string>> = { STOP: 'stop', MAX_TOKENS: 'length' }
/** Finish reasons that take the answer back: the person must not be left with half of it as if it were whole. */
const refusals: readonly string[] = ['SAFETY', 'RECITATION', 'LANGUAGE', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII']

/** Google's generateContent stream through its SDK. */
export class GeminiAdapter implements ProviderAdapter {
  async open(request: AdapterRequest): Promise<AsyncIterable<AnswerChunk>> {
    // Imported when first needed: a cold start does not pay for it.
    const sdk = await import('@google/generative-ai')
    // The SDK only listens for an abort that is still to come.
    if (request.signal.aborted) throw new ProviderFailure('network')
    const { system, contents } = toGeminiContents(request.messages)
    try {
      const model = new sdk.GoogleGenerativeAI(request.connection.apiKey ?? '').getGenerativeModel(
        { model: request.model, generationConfig: generationConfig(request), ...(system === '' ? {} : { systemInstruction: system }) },
        { baseUrl: geminiBaseUrl(request.connection.baseUrl) },
      )
      const result = await model.generateContentStream({ contents }, { signal: request.signal })
      // The SDK gathers the whole answer a second time; when the stream breaks, that copy fails too, and the stream has told already.
      result.response.catch(() => undefined)
      return read(result.stream)
    } catch (error) {
      throw toGeminiFailure(error, sdk)
    }

    async function* read(stream: AsyncIterable<EnhancedGenerateContentResponse>): AsyncGenerator<AnswerChunk> {
      try {
        for await (const response of stream) yield readChunk(response)
      } catch (error) {
        throw toGeminiFailure(error, sdk)
      }
    }
  }
}

/** Reads the parts itself: the SDK's `text()` throws messages that quote the answer. */
function readChunk(response: EnhancedGenerateContentResponse): AnswerChunk {
  const candidate = response.candidates?.[0]
  const finish = candidate?.finishReason
  if (response.promptFeedback?.blockReason || (finish !== undefined && refusals.includes(finish))) throw new ProviderFailure('refused')
  const usage = response.usageMetadata
  return {
    text: (candidate?.content?.parts ?? []).map((part) => part.text ?? '').join(''),
    finishReason: finish === undefined ? null : (finishWords[finish] ?? finish.toLowerCase()),
    usage: usage ? { promptTokens: usage.promptTokenCount ?? null, completionTokens: usage.candidatesTokenCount ?? null } : null,
  }
}

/** Gemini's form of a conversation: instructions apart, no empty part, and turns that alternate. */
export function toGeminiContents(messages: readonly PromptMessage[]): { system: string; contents: Content[] } {
  const system: string[] = []
  const contents: Content[] = []
  for (const { role, content } of messages) {
    if (content === '') continue
    if (role === 'system') {
      system.push(content)
      continue
    }
    const geminiRole = role === 'assistant' ? 'model' : 'user'
    const last = contents.at(-1)
    if (last?.role === geminiRole) last.parts.push({ text: content })
    else contents.push({ role: geminiRole, parts: [{ text: content }] })
  }
  return { system: system.join('\n\n'), contents }
}

function generationConfig({ model, temperature, maximumTokens }: AdapterRequest): GenerationConfig {
  return {
    ...(temperature === null ? {} : { temperature }),
    ...(maximumTokens === null ? {} : { maxOutputTokens: maximumTokens }),
    // 2.5 Flash thinks by default, out of the same token limit and before the first word. The SDK's types are older than this field.
    ...(model.startsWith('gemini-2.5-flash') ? { thinkingConfig: { thinkingBudget: 0 } } : {}),
  }
}

/** The address that the SDK appends `/v1beta/models/…` to. */
export function geminiBaseUrl(address: string): string {
  return address.replace(/\/+$/, '').replace(/\/v1beta$/, '')
}

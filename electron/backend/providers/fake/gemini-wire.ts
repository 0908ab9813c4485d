import { z } from 'zod'
import type { FakeErrorKind, FakeMessage, FakePrompt, FakeReply, FakeUsage, FakeWire } from './fake-wire.js'

const parts = z.array(z.looseObject({ text: z.string() })).min(1)
const requestBody = z.looseObject({
  contents: z.array(z.looseObject({ role: z.enum(['user', 'model']).default('user'), parts })).min(1),
  systemInstruction: z.looseObject({ parts }).optional(),
})

const errors: Readonly<Record<FakeErrorKind, { code: number; status: string; message: string }>> = {
  'rate-limited': { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'You exceeded your current quota.' },
  'server-error': { code: 500, status: 'INTERNAL', message: 'An internal error has occurred.' },
  unauthorized: { code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid. Please pass a valid API key.' },
  'bad-request': { code: 400, status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
}

/** Google's generateContent and streamGenerateContent, v1beta. */
export class GeminiWire implements FakeWire {
  readPrompt(path: string, body: unknown): FakePrompt | null {
    const target = /\/models\/([^:]+):(generateContent|streamGenerateContent)$/.exec(path)
    const parsed = requestBody.safeParse(body)
    if (!target?.[1] || !parsed.success) return null
    const { systemInstruction: system, contents } = parsed.data
    const messages = contents.map(({ role, parts }): FakeMessage => ({ role: role === 'model' ? 'assistant' : 'user', content: joined(parts) }))
    if (system) messages.unshift({ role: 'system', content: joined(system.parts) })
    return { model: decodeURIComponent(target[1]), messages, stream: target[2] === 'streamGenerateContent' }
  }

  chunk(model: string, text: string): string {
    return JSON.stringify({ candidates: [candidate(text)], modelVersion: model })
  }

  end(model: string, usage: FakeUsage): string[] {
    return [JSON.stringify({ candidates: [{ ...candidate(''), finishReason: 'STOP' }], usageMetadata: wireUsage(usage), modelVersion: model })]
  }

  refusal(model: string): string[] {
    return [JSON.stringify({ promptFeedback: { blockReason: 'SAFETY' }, modelVersion: model })]
  }

  whole(model: string, text: string, usage: FakeUsage): unknown {
    return { candidates: [{ ...candidate(text), finishReason: 'STOP' }], usageMetadata: wireUsage(usage), modelVersion: model }
  }

  error(kind: FakeErrorKind, retryAfter: string): FakeReply {
    const error = errors[kind]
    return { status: error.code, body: { error: { ...error, ...details(kind, retryAfter) } } }
  }

  models(names: readonly string[]): unknown {
    return { models: names.map((name) => ({ name: `models/${name}`, displayName: name, supportedGenerationMethods: ['generateContent'] })) }
  }
}

function candidate(text: string) {
  return { content: { role: 'model', parts: [{ text }] }, index: 0 }
}

function details(kind: FakeErrorKind, retryAfter: string): { details?: object[] } {
  const type = 'type.googleapis.com/google.rpc.'
  if (kind === 'unauthorized') return { details: [{ '@type': `${type}ErrorInfo`, reason: 'API_KEY_INVALID', domain: 'googleapis.com' }] }
  // Google names the wait in the body; it knows no dates.
  if (kind === 'rate-limited' && /^\d/.test(retryAfter)) return { details: [{ '@type': `${type}RetryInfo`, retryDelay: `${retryAfter}s` }] }
  return {}
}

function joined(texts: readonly { text: string }[]): string {
  return texts.map(({ text }) => text).join('\n')
}

function wireUsage({ promptTokens, completionTokens }: FakeUsage) {
  return { promptTokenCount: promptTokens, candidatesTokenCount: completionTokens, totalTokenCount: promptTokens + completionTokens }
}

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ProviderName } from '../../../shared/contract/common.js'
import { FakeProviderServer } from './fake/fake-provider-server.js'
import { GeminiAdapter, geminiBaseUrl, toGeminiContents } from './gemini-adapter.js'
import { GroqAdapter, groqBaseUrl } from './groq-adapter.js'
import { OpenAiCompatibleAdapter, openAiBaseUrl } from './openai-compatible-adapter.js'
import type { AdapterRequest, AnswerChunk, ProviderAdapter } from './provider-adapter.js'
import { ProviderFailure } from './provider-failure.js'

const adapters: [ProviderName, ProviderAdapter][] = [
  ['groq', new GroqAdapter()],
  ['gemini', new GeminiAdapter()],
  ['local', new OpenAiCompatibleAdapter()],
]
const secret = 'patient Ngo Bassa asks about fever'

let fake: FakeProviderServer
// From the start: the SDKs hold on to the console's functions as they first find them.
const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) => vi.spyOn(console, level))
beforeAll(async () => {
  // What makes the SDKs log whole requests, if they are let.
  vi.stubEnv('GROQ_LOG', 'debug')
  vi.stubEnv('OPENAI_LOG', 'debug')
  fake = await FakeProviderServer.start({ tokenDelayMs: 2, slowMs: 20, wordsBeforeFault: 3 })
})
afterEach(() => {
  fake.setMode('normal')
  fake.requests.length = 0
})
afterAll(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await fake.close()
})

function request(changes: Partial<AdapterRequest> = {}): AdapterRequest {
  return {
    connection: { baseUrl: fake.address, apiKey: 'key' },
    model: 'some-model',
    messages: [
      { role: 'system', content: 'Answer briefly.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: secret },
    ],
    temperature: 0.3,
    maximumTokens: 200,
    signal: new AbortController().signal,
    ...changes,
  }
}

/** Everything until the end or the failure. */
async function read(adapter: ProviderAdapter, changes?: Partial<AdapterRequest>): Promise<{ chunks: AnswerChunk[]; text: string; failure: unknown }> {
  const chunks: AnswerChunk[] = []
  let failure: unknown = null
  try {
    for await (const chunk of await adapter.open(request(changes))) chunks.push(chunk)
  } catch (error) {
    failure = error
  }
  return { chunks, text: chunks.map((chunk) => chunk.text).join(''), failure }
}

describe.each(adapters)('%s adapter', (provider, adapter) => {
  it.each(['normal', 'slow'] as const)('streams an answer (%s)', async (mode) => {
    fake.setMode(mode)
    const { chunks, text, failure } = await read(adapter)
    expect(failure).toBeNull()
    expect(text).toContain('I do not replace a doctor.')
    expect(chunks.filter((chunk) => chunk.text !== '').length).toBeGreaterThan(10)
    expect(chunks.findLast((chunk) => chunk.finishReason)?.finishReason).toBe('stop')
    expect(chunks.findLast((chunk) => chunk.usage)?.usage).toEqual({ promptTokens: expect.any(Number), completionTokens: expect.any(Number) })
  })

  it('sends the whole conversation, the temperature and the limit', async () => {
    await read(adapter)
    const [received] = fake.requests
    expect(received).toMatchObject({ provider, model: 'some-model', messages: request().messages, apiKey: 'key' })
    const body = JSON.stringify(received?.body)
    expect(body).toContain('0.3')
    expect(body).toMatch(/"(max_completion_tokens|max_tokens|maxOutputTokens)":200/)
  })

  it('takes addresses with and without their usual endings', async () => {
    const endings = { groq: ['/', '/openai/v1', '/openai/v1/'], gemini: ['/', '/v1beta', '/v1beta/'], local: ['/', '/v1', '/v1/'] }[provider]
    for (const ending of endings) {
      const { failure } = await read(adapter, { connection: { baseUrl: fake.address + ending, apiKey: 'key' }, model: 'fake-normal' })
      expect(failure).toBeNull()
    }
  })

  it.each([
    ['always-rate-limited', 'rate_limited'],
    ['server-error', 'server_error'],
    ['unauthorized', 'unauthorized'],
    ['refused', 'refused'],
    ['malformed', 'malformed'],
    ['cut', 'network'],
  ] as const)('reduces %s to %s, quoting nothing and logging nothing', async (mode, reason) => {
    fake.setMode(mode)
    const { failure, text } = await read(adapter)
    expect(failure).toBeInstanceOf(ProviderFailure)
    expect(failure).toMatchObject({ reason, message: reason })
    expect((failure as ProviderFailure).cause).toBeUndefined()
    if (mode === 'cut' || mode === 'malformed') expect(text).not.toBe('')
    for (const spy of consoles) expect(spy).not.toHaveBeenCalled()
  })

  it('reads how long to wait', async () => {
    fake.setMode('always-rate-limited')
    expect((await read(adapter)).failure).toMatchObject({ retryAfterMs: 1_000 })
  })

  it('ends without words in mode empty', async () => {
    fake.setMode('empty')
    expect(await read(adapter)).toMatchObject({ text: '', failure: null })
  })

  it('reports a wrong key and a server that is not there', async () => {
    expect((await read(adapter, { connection: { baseUrl: fake.address, apiKey: 'invalid-key' } })).failure).toMatchObject({ reason: 'unauthorized' })
    const gone = await FakeProviderServer.start()
    const { address } = gone
    await gone.close()
    expect((await read(adapter, { connection: { baseUrl: address, apiKey: 'key' } })).failure).toMatchObject({ reason: 'network' })
  })

  it('closes the connection when aborted before the response and in the middle of it', async () => {
    for (const mode of ['hang', 'stall'] as const) {
      const abort = new AbortController()
      fake.enqueue(mode)
      const reading = read(adapter, { signal: abort.signal })
      const received = await vi.waitFor(() => {
        const last = fake.requests.at(-1)
        if (last?.mode !== mode) throw new Error('not there yet')
        return last
      })
      abort.abort()
      expect(await received.closed).toBe('client')
      await reading
    }
  })

  it('sends nothing when aborted before the start', async () => {
    await read(adapter, { signal: AbortSignal.abort() })
    expect(fake.requests).toHaveLength(0)
  })
})

describe('OpenAI-compatible server', () => {
  const adapter = new OpenAiCompatibleAdapter()

  it('needs no key and is sent none, whatever the environment holds for OpenAI', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-somebody')
    vi.stubEnv('OPENAI_ORG_ID', 'org-of-somebody')
    const { failure } = await read(adapter, { connection: { baseUrl: fake.address, apiKey: null } })
    expect(failure).toBeNull()
    expect(fake.requests[0]?.apiKey).toBe('')
  })

  it('lists its models', async () => {
    expect(await adapter.models({ baseUrl: fake.address, apiKey: null }, new AbortController().signal)).toEqual(['fake-medical-7b', 'fake-small'])
    await expect(adapter.models({ baseUrl: fake.address, apiKey: 'invalid' }, new AbortController().signal)).rejects.toMatchObject({ reason: 'unauthorized' })
  })
})

describe('Gemini', () => {
  it('keeps instructions apart, drops empty parts and alternates the turns', () => {
    const contents = toGeminiContents([
      { role: 'system', content: 'A' },
      { role: 'user', content: 'one' },
      { role: 'user', content: 'two' },
      { role: 'assistant', content: '' },
      { role: 'assistant', content: 'three' },
      { role: 'system', content: 'B' },
    ])
    expect(contents).toEqual({
      system: 'A\n\nB',
      contents: [
        { role: 'user', parts: [{ text: 'one' }, { text: 'two' }] },
        { role: 'model', parts: [{ text: 'three' }] },
      ],
    })
  })

  it.each([
    ['gemini-2.5-flash', { thinkingConfig: { thinkingBudget: 0 } }],
    ['gemini-2.0-flash', undefined],
  ])('%s does not think before the first word', async (model, expected) => {
    await read(new GeminiAdapter(), { model })
    const { generationConfig } = fake.requests[0]?.body as { generationConfig: { thinkingConfig?: unknown } }
    expect(generationConfig.thinkingConfig).toEqual(expected?.thinkingConfig)
  })
})

describe('addresses', () => {
  it('are brought to the form that each SDK expects', () => {
    expect(groqBaseUrl('https://api.groq.com/openai/v1/')).toBe('https://api.groq.com')
    expect(geminiBaseUrl('https://generativelanguage.googleapis.com/v1beta')).toBe('https://generativelanguage.googleapis.com')
    expect(openAiBaseUrl('http://10.0.0.5:8080')).toBe('http://10.0.0.5:8080/v1')
    expect(openAiBaseUrl('http://10.0.0.5:8080/v1/')).toBe('http://10.0.0.5:8080/v1')
  })
})

import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { providerNames } from '../../../shared/contract/common.js'
import type { CompletionEvent } from './completion.js'
import { ask, createTestService } from './fake/create-test-service.js'
import { FakeProviderServer } from './fake/fake-provider-server.js'

let fake: FakeProviderServer
beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 1, slowMs: 20, wordsBeforeFault: 3 })
})
afterEach(() => {
  fake.setMode('normal')
  fake.requests.length = 0
})
afterAll(() => fake.close())

const providersAsked = () => fake.requests.map((request) => request.provider)

describe('an answer', () => {
  it.each(providerNames)('streams from %s when it is preferred', async (provider) => {
    const { service, usages } = await createTestService(fake)
    const { events, text, types } = await ask(service, { provider })
    expect(types).toBe('started delta finished')
    expect(text).toContain('I do not replace a doctor.')
    expect(events[0]).toMatchObject({ type: 'started', provider })
    expect(events.at(-1)).toMatchObject({ type: 'finished', provider, finishReason: 'stop', usage: { promptTokens: 3 } })
    expect(providersAsked()).toEqual([provider])
    await vi.waitFor(() => expect(usages).toEqual([expect.objectContaining({ provider, outcome: 'complete', promptTokens: 3 })]))
    expect((await service.list()).find((state) => state.provider === provider)).toMatchObject({ health: 'available', last_error: null })
  })

  it('uses each provider’s model, and the one asked for with the provider it was chosen for', async () => {
    const { service } = await createTestService(fake)
    fake.enqueue('unauthorized', 'unauthorized')
    const { events } = await ask(service, { provider: 'groq', model: 'llama-3.1-8b-instant' })
    expect(fake.requests.map((request) => request.model)).toEqual(['llama-3.1-8b-instant', 'gemini-2.5-flash', 'fake-medical-7b'])
    expect(events.at(-1)).toMatchObject({ type: 'finished', provider: 'local', model: 'fake-medical-7b' })
  })

  it('asks the hospital’s server for its models once, and only when it needs one', async () => {
    const { service } = await createTestService(fake, { only: ['local'] })
    const before = fake.modelRequests
    expect((await service.list()).find((state) => state.provider === 'local')).toMatchObject({ model: '', models: [] })
    expect(fake.modelRequests).toBe(before)
    await ask(service)
    await ask(service)
    expect(fake.modelRequests).toBe(before + 1)
    expect(service.health().local).toMatchObject({ model: 'fake-medical-7b', models: ['fake-medical-7b', 'fake-small'] })
  })

  it('asks for the models again after the server refused', async () => {
    const { service } = await createTestService(fake, { only: ['local'] })
    const before = fake.modelRequests
    fake.enqueue('refused')
    expect((await ask(service)).events.at(-1)).toEqual({ type: 'exhausted', reason: 'refused' })
    expect((await ask(service)).types).toBe('started delta finished')
    expect(fake.modelRequests).toBe(before + 2)
  })

  it('is not held up or broken by usage that cannot be recorded', async () => {
    const { service, logged } = await createTestService(fake, { recordUsage: () => Promise.reject(new Error('disk')) })
    expect((await ask(service)).types).toBe('started delta finished')
    await vi.waitFor(() => expect(logged()).toContain('was not recorded'))
  })
})

describe('retries', () => {
  it('waits as Retry-After says', async () => {
    for (const provider of providerNames) {
      const { service, waits } = await createTestService(fake, { only: [provider] })
      fake.setMode('rate-limited')
      expect((await ask(service, { model: 'some-model' })).types).toBe('started delta finished')
      expect(waits).toEqual([1_000])
    }
  })

  it('backs off with jitter, up to two times', async () => {
    const { service, waits } = await createTestService(fake, { only: ['groq'] })
    fake.enqueue('server-error', 'server-error', 'normal')
    expect((await ask(service)).types).toBe('started delta finished')
    expect(waits).toEqual([250, 500])
  })

  it('tries again when the stream breaks before its first word, and says started once', async () => {
    const bare = await FakeProviderServer.start({ tokenDelayMs: 0, wordsBeforeFault: 0 })
    const { service } = await createTestService(bare, { only: ['groq'] })
    bare.enqueue('cut', 'normal')
    expect((await ask(service)).types).toBe('started delta finished')
    expect(bare.requests).toHaveLength(2)
    await bare.close()
  })

  it('falls back at once when the wait would be long', async () => {
    const slow = await FakeProviderServer.start({ tokenDelayMs: 0, retryAfter: '6' })
    const { service, waits } = await createTestService(slow, { only: ['groq', 'gemini'] })
    slow.enqueue('always-rate-limited')
    const { types, events } = await ask(service)
    expect(types).toBe('fallback started delta finished')
    expect(events[0]).toEqual({ type: 'fallback', from: 'groq', to: 'gemini', reason: 'rate_limited' })
    expect(waits).toEqual([])
    await slow.close()
  })

  it.each(['unauthorized', 'refused', 'malformed', 'empty'] as const)('does not try again after %s', async (mode) => {
    const bare = await FakeProviderServer.start({ tokenDelayMs: 0, wordsBeforeFault: 0 })
    const { service } = await createTestService(bare)
    bare.enqueue(mode)
    const { events } = await ask(service)
    expect(bare.requests.map((request) => request.provider)).toEqual(['groq', 'gemini'])
    const reason = mode === 'empty' ? 'malformed' : mode
    expect(events.find((event) => event.type === 'fallback')).toEqual({ type: 'fallback', from: 'groq', to: 'gemini', reason })
    await bare.close()
  })
})

describe('fallback', () => {
  it('follows the preferred provider, then the configured order, leaving out what is off or not set', async () => {
    const { service } = await createTestService(fake)
    await service.setOrder(['local', 'groq', 'gemini'])
    fake.setMode('unauthorized')
    const { events } = await ask(service, { provider: 'gemini', model: 'm' })
    expect(events).toEqual([
      { type: 'fallback', from: 'gemini', to: 'local', reason: 'unauthorized' },
      { type: 'fallback', from: 'local', to: 'groq', reason: 'unauthorized' },
      { type: 'fallback', from: 'groq', to: null, reason: 'unauthorized' },
      { type: 'exhausted', reason: 'unauthorized' },
    ])
    await service.configure({ provider: 'local', enabled: false })
    fake.requests.length = 0
    await ask(service, { provider: 'local' })
    expect(providersAsked()).toEqual(['groq', 'gemini'])
  })

  it('asks no provider that is not allowed', async () => {
    const { service } = await createTestService(fake)
    fake.setMode('unauthorized')
    await ask(service, { provider: 'groq', allowed: ['local'] })
    expect(providersAsked().every((provider) => provider === 'local')).toBe(true)
    expect(service.hasUsable('groq', [])).toBe(false)
    expect((await ask(service, { allowed: [] })).events).toEqual([{ type: 'exhausted', reason: 'not_configured' }])
  })

  it('keeps what came before a cut and goes on with the next provider', async () => {
    const { service, usages } = await createTestService(fake)
    fake.enqueue('cut', 'normal')
    const { events, types } = await ask(service)
    expect(types).toBe('started delta cut fallback started delta finished')
    expect(events.find((event) => event.type === 'cut')).toEqual({ type: 'cut', provider: 'groq', reason: 'cut' })
    expect(events.filter((event, index) => event.type === 'delta' && index < 4)).toHaveLength(3)
    expect(providersAsked()).toEqual(['groq', 'gemini'])
    await vi.waitFor(() => expect(usages.map((usage) => usage.outcome)).toEqual(['partial', 'complete']))
  })

  it.each([
    ['malformed', 'malformed'],
    ['unfinished', 'cut'],
    ['stall', 'timed_out'],
  ] as const)('treats %s after the first words as a cut', async (mode, reason) => {
    const { service } = await createTestService(fake, { limits: { responseMs: 100 } })
    fake.enqueue(mode)
    const { events } = await ask(service)
    expect(events.find((event) => event.type === 'cut')).toEqual({ type: 'cut', provider: 'groq', reason })
    expect(events.at(-1)).toMatchObject({ type: 'finished', provider: 'gemini' })
  })

  it('reports a provider that never answers, and closes its connections', async () => {
    const { service, usages } = await createTestService(fake, { only: ['gemini'], limits: { responseMs: 40 } })
    fake.setMode('hang')
    const { events } = await ask(service)
    expect(events).toEqual([
      { type: 'fallback', from: 'gemini', to: null, reason: 'timed_out' },
      { type: 'exhausted', reason: 'timed_out' },
    ])
    expect(fake.requests).toHaveLength(3)
    expect(await Promise.all(fake.requests.map((request) => request.closed))).toEqual(['client', 'client', 'client'])
    await vi.waitFor(() => expect(usages).toEqual([expect.objectContaining({ outcome: 'failed', model: 'gemini-2.5-flash' })]))
  })

  it('goes on to the next provider when an SDK cannot be loaded, and tells the developers', async () => {
    vi.doMock('groq-sdk', () => {
      throw new Error('missing from the package')
    })
    const { service, logged } = await createTestService(fake)
    const { types } = await ask(service)
    vi.doUnmock('groq-sdk')
    expect(types).toBe('fallback started delta finished')
    expect(logged()).toContain('the adapter of a provider failed')
  })

  it('says so when nothing is configured', async () => {
    const { service } = await createTestService(fake, { environment: {} })
    expect((await ask(service)).events).toEqual([{ type: 'exhausted', reason: 'not_configured' }])
    expect(service.hasUsable()).toBe(false)
    expect(await service.test('groq')).toEqual({ ok: false, model: null, latency_ms: null, failure: 'not_configured' })
    expect(Object.values(service.health()).map((state) => state.health)).toEqual(['not_configured', 'not_configured', 'not_configured'])
  })
})

describe('stop', () => {
  it.each(providerNames)('ends the answer of %s and closes its connection within 100 ms', async (provider) => {
    const { service, usages } = await createTestService(fake)
    const abort = new AbortController()
    fake.enqueue('stall')
    let words = 0
    let stoppedAt = 0
    const answer = async () => {
      const request = { messages: [{ role: 'user' as const, content: 'Hello' }], provider, model: 'm', signal: abort.signal }
      for await (const event of service.complete(request)) {
        if (event.type !== 'delta' || ++words < 3) continue
        // The next word never comes: the stop has to end the wait for it.
        setTimeout(() => {
          stoppedAt = performance.now()
          abort.abort()
        }, 5)
      }
    }
    await expect(answer()).rejects.toMatchObject({ name: 'AbortError' })
    expect(performance.now() - stoppedAt).toBeLessThan(100)
    expect(await fake.requests[0]?.closed).toBe('client')
    expect(performance.now() - stoppedAt).toBeLessThan(100)
    await vi.waitFor(() => expect(usages).toEqual([expect.objectContaining({ provider, outcome: 'stopped' })]))
  })

  it('ends the wait for a response, and the wait before another attempt', async () => {
    for (const mode of ['hang', 'server-error'] as const) {
      const abort = new AbortController()
      // The service's own wait, made long.
      const sleep = (_ms: number, signal: AbortSignal) => wait(60_000, undefined, { signal })
      const { service } = await createTestService(fake, { only: ['groq'], sleep })
      fake.enqueue(mode)
      const before = fake.requests.length
      const asking = ask(service, { signal: abort.signal })
      await vi.waitFor(() => expect(fake.requests).toHaveLength(before + 1))
      abort.abort()
      await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
    }
  })

  it('sends nothing after a stop', async () => {
    const { service } = await createTestService(fake)
    await expect(ask(service, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
    expect(fake.requests).toHaveLength(0)
  })

  it('closes the connection when the caller leaves the answer', async () => {
    const { service, usages } = await createTestService(fake)
    fake.enqueue('stall')
    const seen: CompletionEvent[] = []
    for await (const event of service.complete({ messages: [{ role: 'user', content: 'Hello' }], signal: new AbortController().signal })) {
      seen.push(event)
      if (event.type === 'delta') break
    }
    expect(await fake.requests[0]?.closed).toBe('client')
    await vi.waitFor(() => expect(usages).toEqual([expect.objectContaining({ outcome: 'stopped' })]))
  })

  it('closes the connection while nobody reads the answer', async () => {
    const { service } = await createTestService(fake)
    const abort = new AbortController()
    fake.enqueue('stall')
    const answer = service.complete({ messages: [{ role: 'user', content: 'Hello' }], signal: abort.signal })
    await answer.next()
    abort.abort()
    expect(await fake.requests[0]?.closed).toBe('client')
    await expect(answer.next()).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('does not count against the provider', async () => {
    const { service } = await createTestService(fake, { only: ['groq'] })
    for (let count = 0; count < 4; count++) {
      const abort = new AbortController()
      fake.enqueue('hang')
      const before = fake.requests.length
      const asking = ask(service, { signal: abort.signal })
      await vi.waitFor(() => expect(fake.requests).toHaveLength(before + 1))
      abort.abort()
      await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
    }
    expect(service.hasUsable()).toBe(true)
    expect(service.health().groq).toMatchObject({ health: 'unknown', last_error: null })
  })
})

describe('test', () => {
  it('says what went wrong, in a word', async () => {
    const { service } = await createTestService(fake, { limits: { testMs: 60 } })
    fake.enqueue('unauthorized', 'hang')
    expect(await service.test('gemini')).toEqual({ ok: false, model: null, latency_ms: null, failure: 'unauthorized' })
    expect(await service.test('groq')).toEqual({ ok: false, model: null, latency_ms: null, failure: 'timed_out' })
    expect(service.health()).toMatchObject({ gemini: { health: 'failing' }, groq: { health: 'failing' }, local: { health: 'unknown' } })
  })
})

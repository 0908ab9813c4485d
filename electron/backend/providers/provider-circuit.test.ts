import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { ask, createTestService } from './fake/create-test-service.js'
import { FakeProviderServer } from './fake/fake-provider-server.js'

let fake: FakeProviderServer
beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 1, wordsBeforeFault: 3 })
})
afterEach(() => {
  fake.setMode('normal')
  fake.requests.length = 0
  vi.useRealTimers()
})
afterAll(() => fake.close())

const providersAsked = () => fake.requests.map((request) => request.provider)

describe('circuit breaker', () => {
  it('opens after three failures, lets one call through after 30 s, and closes when it succeeds', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { service } = await createTestService(fake, { only: ['groq', 'gemini'] })
    fake.enqueue('server-error', 'server-error', 'server-error')
    await ask(service)
    expect(service.health().groq).toMatchObject({ health: 'open', last_error: 'server_error' })
    expect(service.hasUsable('groq', ['groq'])).toBe(false)
    expect(service.hasUsable('groq')).toBe(true)

    fake.requests.length = 0
    const { events } = await ask(service)
    expect(events[0]).toEqual({ type: 'fallback', from: 'groq', to: 'gemini', reason: 'circuit_open' })
    expect(providersAsked()).toEqual(['gemini'])

    vi.setSystemTime(Date.now() + 29_000)
    expect(service.health().groq.health).toBe('open')
    vi.setSystemTime(Date.now() + 1_000)
    expect(service.health().groq.health).toBe('failing')
    expect(service.hasUsable('groq', ['groq'])).toBe(true)

    // Still ill: one call, and closed to the others again.
    fake.requests.length = 0
    fake.enqueue('server-error')
    await ask(service)
    expect(providersAsked()).toEqual(['groq', 'gemini'])
    expect(service.health().groq.health).toBe('open')

    // Well again: while the trial streams, others are kept away; then it is open to all.
    vi.setSystemTime(Date.now() + 30_000)
    fake.requests.length = 0
    const trial = service.complete({ messages: [{ role: 'user', content: 'Hello' }], signal: new AbortController().signal })
    expect((await trial.next()).value).toMatchObject({ type: 'started', provider: 'groq' })
    await ask(service)
    for await (const event of trial) expect(event.type).not.toBe('fallback')
    expect(providersAsked()).toEqual(['groq', 'gemini'])
    expect(service.health().groq).toMatchObject({ health: 'available', last_error: null })
  })

  it('does not open for a wrong key or a refusal', async () => {
    const { service } = await createTestService(fake, { only: ['groq'] })
    fake.setMode('unauthorized')
    for (let count = 0; count < 4; count++) await ask(service)
    expect(service.health().groq).toMatchObject({ health: 'failing', last_error: 'unauthorized' })
    expect(service.hasUsable()).toBe(true)
  })

  it('counts failures in a row only', async () => {
    const { service } = await createTestService(fake, { only: ['groq'] })
    for (let count = 0; count < 2; count++) {
      fake.enqueue('server-error', 'server-error', 'normal')
      expect((await ask(service)).types).toBe('started delta finished')
    }
    expect(service.health().groq.health).toBe('available')
  })

  it('counts cut answers', async () => {
    const { service } = await createTestService(fake, { only: ['groq'] })
    fake.setMode('cut')
    for (let count = 0; count < 3; count++) await ask(service)
    expect(service.health().groq).toMatchObject({ health: 'open', last_error: 'cut' })
  })

  it('is reset by a successful test', async () => {
    const { service } = await createTestService(fake, { only: ['groq'] })
    fake.enqueue('server-error', 'server-error', 'server-error')
    await ask(service)
    expect(service.hasUsable()).toBe(false)
    expect(await service.test('groq')).toEqual({ ok: true, model: 'llama-3.3-70b-versatile', latency_ms: expect.any(Number), failure: null })
    expect(service.health().groq).toMatchObject({ health: 'available', last_error: null })
  })
})

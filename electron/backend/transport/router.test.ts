import { afterEach, describe, expect, it, vi } from 'vitest'
import { maximumRequestBytes } from '../../../shared/contract/common.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { createLogger } from '../logging/logger.js'
import type { Caller, Handlers, RequestContext } from './handlers.js'
import { createHttpTransport } from './http-transport.js'
import { RateLimiter } from './rate-limiter.js'
import { Router, type RouterRequest } from './router.js'

type AnyHandler = (input: unknown, context: RequestContext<unknown>) => Promise<unknown>

const patient: Caller = { userId: 'a', role: 'patient', sessionId: 's' }

/** A router with these handlers; the tokens it knows are `patient` and `expired`. */
function routerWith(handlers: Record<string, Record<string, AnyHandler>>, { perMinute = 1000, logged = [] as string[] } = {}): Router {
  return new Router({
    handlers: handlers as unknown as Handlers,
    verifyToken: async (token) => {
      if (token === 'patient') return patient
      throw new ContractError(token === 'expired' ? 'token_expired' : 'unauthenticated')
    },
    rateLimiter: new RateLimiter(perMinute, () => 0),
    logger: createLogger('trace', { write: (line) => void logged.push(line) }),
  })
}
const request = (method: string, more: Partial<RouterRequest> = {}): RouterRequest => ({ method, input: {}, token: 'patient', language: 'en', connection: 'test', ...more })
const codeOf = async (answer: Promise<unknown>): Promise<string> => answer.then(() => 'answered', (error: ContractError) => error.code)

afterEach(() => void vi.useRealTimers())

describe('the order of checks', () => {
  const tooLarge = { title: 'x'.repeat(maximumRequestBytes) }

  it('is method, size, token, role, rate, schema, handler', async () => {
    const create = vi.fn<AnyHandler>(async () => 'made')
    const router = routerWith({ conversations: { create }, accounts: {} }, { perMinute: 2 })
    expect(await codeOf(router.handle(request('nothing.here', { input: tooLarge, token: 'garbage' })))).toBe('unknown_method')
    expect(await codeOf(router.handle(request('conversations.create', { input: tooLarge, token: 'garbage' })))).toBe('too_large')
    expect(await codeOf(router.handle(request('accounts.createStaff', { input: 7, token: 'garbage' })))).toBe('unauthenticated')
    expect(await codeOf(router.handle(request('accounts.createStaff', { input: 7, token: 'expired' })))).toBe('token_expired')
    expect(await codeOf(router.handle(request('accounts.createStaff', { input: 7 })))).toBe('forbidden')
    expect(await codeOf(router.handle(request('conversations.create', { input: 7 })))).toBe('validation_failed')
    expect(create).not.toHaveBeenCalled()
    expect(await codeOf(router.handle(request('conversations.create')))).toBe('answered')
    expect(await codeOf(router.handle(request('conversations.create', { input: 7 })))).toBe('rate_limited')
    expect(create).toHaveBeenCalledTimes(1)
  })

  it('hands over the parsed input with its defaults, and the caller of the token alone', async () => {
    const create = vi.fn<AnyHandler>(async (_input, context) => context.caller)
    const caller = await routerWith({ conversations: { create } }).handle(request('conversations.create', { input: { title: '  A  ', caller: 'b', userId: 'b' }, language: 'fr' }))
    expect(caller).toEqual(patient)
    expect(create).toHaveBeenCalledWith({ title: 'A', conversation_type: 'general', metadata: {} }, expect.objectContaining({ person: patient, language: 'fr' }))
  })

  it('takes a missing input for an empty one', async () => {
    const router = routerWith({ settings: { preferences: async (input) => input } })
    expect(await router.handle(request('settings.preferences', { input: undefined }))).toEqual({})
    expect(await router.handle(request('settings.preferences', { input: null }))).toEqual({})
  })
})

describe('time', () => {
  it('is up after the method’s limit: the caller is told and the handler’s signal aborted', async () => {
    vi.useFakeTimers()
    const signals: AbortSignal[] = []
    const never: AnyHandler = (_input, { signal }) => {
      signals.push(signal)
      return new Promise(() => undefined)
    }
    const router = routerWith({ settings: { preferences: never }, providers: { list: never } })
    const first = codeOf(router.handle(request('settings.preferences')))
    await vi.advanceTimersByTimeAsync(29_999)
    expect(signals[0]?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await first).toBe('timed_out')
    expect(signals[0]?.aborted).toBe(true)
  })

  it('does not end a stream, and leaves no timer behind', async () => {
    vi.useFakeTimers()
    let finish = (): void => undefined
    const send: AnyHandler = () => new Promise<unknown>((resolve) => (finish = () => resolve('late')))
    const router = routerWith({ chat: { send }, settings: { preferences: async () => 'soon' } })
    const answer = router.handle(request('chat.send', { input: { message: 'x' } }))
    await vi.advanceTimersByTimeAsync(3_600_000)
    finish()
    expect(await answer).toBe('late')
    await router.handle(request('settings.preferences'))
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('cancelling', () => {
  const untilAborted: AnyHandler = (_input, { signal }) =>
    new Promise((_resolve, reject) => (signal.aborted ? reject(new Error('aborted')) : signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })))

  it('reaches the handler, and is no internal error', async () => {
    const logged: string[] = []
    const controller = new AbortController()
    const answer = codeOf(routerWith({ chat: { send: untilAborted } }, { logged }).handle(request('chat.send', { input: { message: 'x' }, signal: controller.signal })))
    controller.abort()
    expect(await answer).toBe('cancelled')
    expect(logged.join('')).not.toContain('request failed')
  })

  it('before the start reaches it too', async () => {
    expect(await codeOf(routerWith({ chat: { send: untilAborted } }).handle(request('chat.send', { input: { message: 'x' }, signal: AbortSignal.abort() })))).toBe('cancelled')
  })
})

describe('errors', () => {
  it('that are nobody’s business become internal, with a request id in the log and no text', async () => {
    const logged: string[] = []
    const router = routerWith({ settings: { preferences: async () => Promise.reject(new Error('canary: value of a column', { cause: new Error('canary') })) } }, { logged })
    const failure = await router.handle(request('settings.preferences')).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'internal' })
    const entry = JSON.parse(logged.at(-1) ?? '{}') as Record<string, unknown>
    expect(entry).toMatchObject({ level: 50, method: 'settings.preferences', code: 'internal', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown })
    expect(logged.join('')).not.toContain('canary')
  })

  it('never name an unknown method in the log: it is the caller’s text', async () => {
    const logged: string[] = []
    await codeOf(routerWith({}, { logged }).handle(request('canary text')))
    expect(JSON.parse(logged[0] ?? '{}')).toMatchObject({ method: '(unknown)', code: 'unknown_method' })
    expect(logged.join('')).not.toContain('canary')
  })

  it('keep a good answer for people whose token is bad where no token is needed', async () => {
    const signIn: AnyHandler = async (_input, { caller }) => ({ caller })
    expect(await routerWith({ accounts: { signIn } }).handle(request('accounts.signIn', { token: 'garbage', input: { phone_number: '677123456', password: 'x' } }))).toEqual({ caller: null })
  })
})

describe('the rate limit over HTTP', () => {
  it('is 429 with Retry-After for one caller, while others, reads and health go on', async () => {
    const done: AnyHandler = async () => ({ conversations: [] })
    const router = routerWith({ conversations: { create: done, list: done }, system: { health: done }, accounts: { continueAsGuest: done } }, { perMinute: 3 })
    const server = createHttpTransport({ router, version: '1', rendererFolder: null })
    try {
      const url = await server.listen({ host: '127.0.0.1', port: 0 })
      const post = (path: string, token?: string): Promise<Response> =>
        fetch(`${url}${path}`, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) } })
      for (let count = 0; count < 3; count++) expect((await post('/conversations/', 'patient')).status).toBe(200)
      const refused = await post('/conversations/', 'patient')
      expect(refused.status).toBe(429)
      expect(refused.headers.get('retry-after')).toBe('20')
      expect(await refused.json()).toMatchObject({ code: 'rate_limited', status_code: 429, retry_after_s: 20, detail: 'Too many requests. Please wait a moment.' })
      expect((await post('/rpc/conversations.list', 'patient')).status).toBe(200)
      expect((await fetch(`${url}/health`)).status).toBe(200)
      // Nobody in particular: counted by the connection, apart from the patient.
      for (const status of [200, 200, 200, 429]) expect((await post('/rpc/accounts.continueAsGuest')).status).toBe(status)
    } finally {
      await server.close()
    }
  })
})

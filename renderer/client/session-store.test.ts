import { describe, expect, it } from 'vitest'
import type { Session, Tokens } from '../../shared/contract/accounts.js'
import type { Transport, TransportRequest } from '../../shared/contract/client.js'
import { ContractError } from '../../shared/contract/errors.js'
import { GuardedTransport } from './guarded-transport.js'
import { SessionStore } from './session-store.js'

function memoryStorage(): Storage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  }
}

const session: Session = {
  access_token: 'access-1',
  refresh_token: 'refresh-1',
  token_type: 'bearer',
  expires_in: 1800,
  user: {
    patient_id: '7b0c1c1e-6f6e-4c53-9d8e-0a2a4b1f0a11',
    full_name: 'Grace Ngo',
    phone_number: '+237677123456',
    email: null,
    preferred_language: 'fr',
    role: 'patient',
    created_at: '2026-11-21T00:00:00.000Z',
  },
}
const renewed: Tokens = { access_token: 'access-2', refresh_token: 'refresh-2', token_type: 'bearer', expires_in: 1800 }

function setUp(answer: () => Promise<unknown> = () => Promise.resolve(renewed)) {
  const storage = memoryStorage()
  const clock = { now: 1_000_000 }
  const store = new SessionStore({ storage, now: () => clock.now })
  const requests: TransportRequest[] = []
  const transport: Transport = {
    request: (request) => {
      requests.push(request)
      return answer()
    },
    close: () => undefined,
  }
  store.begin(session)
  clock.now += 60_000
  return { store, storage, clock, requests, transport }
}

describe('SessionStore', () => {
  it('keeps the session over a reload, and nothing of it after the end', () => {
    const { store, storage } = setUp()
    expect(new SessionStore({ storage }).signedIn?.user.full_name).toBe('Grace Ngo')
    storage.setItem('other', 'left behind')
    store.end('idle')
    expect(storage.length).toBe(0)
    expect(store.signedIn).toBeNull()
    expect(store.state.getState().endReason).toBe('idle')
    expect(new SessionStore({ storage }).signedIn).toBeNull()
  })

  it('starts signed out when what is stored cannot be read', () => {
    const { storage } = setUp()
    storage.setItem('carechat.session', '{"accessToken":')
    expect(new SessionStore({ storage }).signedIn).toBeNull()
    storage.setItem('carechat.session', '{"accessToken":1}')
    expect(new SessionStore({ storage }).signedIn).toBeNull()
  })

  it('renews once for all who ask at the same time, and at once for who asks just after', async () => {
    const { store, requests, transport } = setUp()
    await expect(Promise.all([1, 2, 3].map(() => store.renew(transport, 'fr')))).resolves.toEqual([true, true, true])
    await expect(store.renew(transport, 'fr')).resolves.toBe(true)
    expect(requests).toEqual([{ method: 'accounts.refresh', input: { refresh_token: 'refresh-1' }, token: null, language: 'fr' }])
    expect(store.signedIn).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2', user: { full_name: 'Grace Ngo' } })
  })

  it('renews again later', async () => {
    const { store, requests, transport, clock } = setUp()
    await store.renew(transport, 'en')
    clock.now += 60_000
    await store.renew(transport, 'en')
    expect(requests.at(-1)?.input).toEqual({ refresh_token: 'refresh-2' })
  })

  it('ends the session when the refresh token is refused', async () => {
    const { store, transport } = setUp(() => Promise.reject(new ContractError('unauthenticated')))
    await expect(store.renew(transport, 'en')).resolves.toBe(false)
    expect(store.signedIn).toBeNull()
    expect(store.state.getState().endReason).toBe('expired')
  })

  it('keeps the session when the backend could not be asked', async () => {
    const { store, transport } = setUp(() => Promise.reject(new ContractError('backend_lost')))
    await expect(store.renew(transport, 'en')).rejects.toMatchObject({ code: 'backend_lost' })
    expect(store.signedIn?.refreshToken).toBe('refresh-1')
  })

  it('does not bring a session back that ended while it was renewed', async () => {
    let answer: (tokens: Tokens) => void = () => undefined
    const { store, transport } = setUp(() => new Promise((resolve) => (answer = resolve)))
    const renewal = store.renew(transport, 'en')
    store.end('left')
    answer(renewed)
    await expect(renewal).resolves.toBe(false)
    expect(store.signedIn).toBeNull()
  })
})

describe('GuardedTransport', () => {
  const request = { method: 'conversations.list', input: {}, language: 'en' as const }

  it('ends the session when its token is no longer known', async () => {
    const { store, transport } = setUp(() => Promise.reject(new ContractError('unauthenticated')))
    const guarded = new GuardedTransport(transport, store)
    await expect(guarded.request({ ...request, token: 'access-1' })).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(store.signedIn).toBeNull()
  })

  it('leaves the session when the refused token is an older one, or the failure another', async () => {
    const refused = setUp(() => Promise.reject(new ContractError('unauthenticated')))
    await expect(new GuardedTransport(refused.transport, refused.store).request({ ...request, token: 'access-0' })).rejects.toThrow()
    expect(refused.store.signedIn).not.toBeNull()
    const forbidden = setUp(() => Promise.reject(new ContractError('forbidden')))
    await expect(new GuardedTransport(forbidden.transport, forbidden.store).request({ ...request, token: 'access-1' })).rejects.toThrow()
    expect(forbidden.store.signedIn).not.toBeNull()
  })
})

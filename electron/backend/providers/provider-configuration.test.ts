import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { providerNames } from '../../../shared/contract/common.js'
import { providerState } from '../../../shared/contract/providers.js'
import { ask, createTestService } from './fake/create-test-service.js'
import { FakeProviderServer } from './fake/fake-provider-server.js'

let fake: FakeProviderServer
beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 0 })
})
beforeEach(() => {
  fake.requests.length = 0
})
afterAll(() => fake.close())

const invalid = (field: string, code: string) => ({ code: 'validation_failed', fields: [expect.objectContaining({ field, code })] })

describe('settings', () => {
  it('win over the environment, outlive a restart, and give way to it again when removed', async () => {
    const { service, keys, restart } = await createTestService(fake)
    expect(service.health().groq).toMatchObject({ configured: true, configured_by: 'environment', base_url: fake.address })
    await ask(service)
    expect(fake.requests.at(-1)).toMatchObject({ apiKey: 'fake-groq-key' })

    const state = await service.configure({ provider: 'groq', api_key: 'own-key', model: 'llama-3.1-8b-instant' })
    expect(state).toMatchObject({ configured_by: 'settings', model: 'llama-3.1-8b-instant' })
    expect(keys.get('provider.groq.key')).toBe('own-key')
    const restarted = await restart()
    await ask(restarted)
    expect(fake.requests.at(-1)).toMatchObject({ apiKey: 'own-key', model: 'llama-3.1-8b-instant' })

    await restarted.configure({ provider: 'groq', api_key: '', model: '' })
    expect(keys.size).toBe(0)
    expect(restarted.health().groq).toMatchObject({ configured_by: 'environment', model: 'llama-3.3-70b-versatile' })
    await ask(restarted)
    expect(fake.requests.at(-1)).toMatchObject({ apiKey: 'fake-groq-key' })
  })

  it('without any key left, a provider is not configured', async () => {
    const { service } = await createTestService(fake, { environment: {} })
    expect(await service.configure({ provider: 'groq', api_key: 'own-key', base_url: fake.address })).toMatchObject({ configured: true })
    expect(service.hasUsable()).toBe(true)
    expect(await service.configure({ provider: 'groq', api_key: '' })).toMatchObject({ configured: false, configured_by: 'none', health: 'not_configured' })
    expect(service.hasUsable()).toBe(false)
  })

  it('of the hospital’s server are its address, and a key if it wants one', async () => {
    const { service } = await createTestService(fake, { environment: {} })
    expect(service.health().local).toMatchObject({ configured: false, configured_by: 'none' })
    expect(await service.configure({ provider: 'local', base_url: fake.address })).toMatchObject({ configured: true, configured_by: 'settings' })
    await ask(service)
    expect(fake.requests.at(-1)).toMatchObject({ provider: 'local', apiKey: '' })
    await service.configure({ provider: 'local', api_key: 'ward-key' })
    await ask(service)
    expect(fake.requests.at(-1)).toMatchObject({ apiKey: 'ward-key' })
    expect(await service.configure({ provider: 'local', base_url: '' })).toMatchObject({ configured: false })
  })

  it('name the model of the hospital’s server in the environment', async () => {
    const { service } = await createTestService(fake, { environment: { LOCAL_LLM_BASE_URL: fake.address, LOCAL_LLM_MODEL: 'ward-model' } })
    await ask(service)
    expect(fake.requests.at(-1)).toMatchObject({ model: 'ward-model' })
  })

  it('switch a provider off and order the fallback, durably', async () => {
    const { service, restart } = await createTestService(fake)
    await service.configure({ provider: 'gemini', enabled: false })
    await service.setOrder(['gemini', 'local', 'groq'])
    const restarted = await restart()
    expect((await restarted.list()).map((state) => [state.provider, state.enabled])).toEqual([
      ['gemini', false],
      ['local', true],
      ['groq', true],
    ])
  })

  it('changed at the same time are all kept', async () => {
    const { service, restart } = await createTestService(fake)
    await Promise.all([service.configure({ provider: 'groq', model: 'a' }), service.configure({ provider: 'gemini', model: 'b' }), service.setOrder(['local', 'gemini', 'groq'])])
    expect((await (await restart()).list()).map((state) => [state.provider, state.model])).toEqual([
      ['local', ''],
      ['gemini', 'b'],
      ['groq', 'a'],
    ])
  })

  it('that could not be kept do not apply', async () => {
    const { service } = await createTestService(fake, { deviceStore: { read: async () => null, write: () => Promise.reject(new Error('disk')) } })
    await expect(service.configure({ provider: 'groq', model: 'a' })).rejects.toThrow('disk')
    await expect(service.setOrder(['local', 'gemini', 'groq'])).rejects.toThrow('disk')
    expect((await service.list())[0]).toMatchObject({ provider: 'groq', model: 'llama-3.3-70b-versatile' })
  })

  it('that cannot be read leave the defaults', async () => {
    const { service, logged } = await createTestService(fake, { deviceStore: { read: async () => ({ order: 'groq' }), write: async () => undefined } })
    expect((await service.list()).map((state) => state.provider)).toEqual(providerNames)
    expect(logged()).toContain('the defaults apply')
  })

  it('start without a key store that fails', async () => {
    const { service } = await createTestService(fake, { keyStore: { mode: 'system', get: () => Promise.reject(new Error('locked')), set: async () => undefined } })
    expect(service.health().groq).toMatchObject({ configured_by: 'environment' })
  })
})

describe('input', () => {
  it.each([
    [{ provider: 'groq', base_url: 'http://groq.example' }, 'base_url', 'https_required'],
    [{ provider: 'groq', base_url: 'https://user:word@groq.example' }, 'base_url', 'invalid_url'],
    [{ provider: 'local', base_url: 'http://ward.example/?key=1' }, 'base_url', 'invalid_url'],
    [{ provider: 'local', base_url: 'ftp://ward.example' }, 'base_url', 'invalid_url'],
    [{ provider: 'groq', api_key: 'clé secrète' }, 'api_key', 'invalid_key'],
  ] as const)('%j is refused', async (input, field, code) => {
    const { service, keys, values } = await createTestService(fake)
    await expect(service.configure(input)).rejects.toMatchObject(invalid(field, code))
    expect([keys.size, values.size]).toEqual([0, 0])
  })

  it('an order that leaves a provider out is refused', async () => {
    const { service } = await createTestService(fake)
    await expect(service.setOrder(['groq', 'groq', 'local'])).rejects.toMatchObject(invalid('order', 'duplicate'))
    await expect(service.setOrder(['groq'])).rejects.toMatchObject({ code: 'validation_failed' })
  })

  it('the environment’s address is not used when it is not one', async () => {
    const { service } = await createTestService(fake, { environment: { LOCAL_LLM_BASE_URL: 'ward server', GROQ_BASE_URL: 'https://a:b@groq.example', GROQ_API_KEY: 'key' } })
    expect(service.health().local.configured).toBe(false)
    expect(service.health().groq.base_url).toBe('https://api.groq.com')
  })
})

describe('keys', () => {
  it('never come out: not in a state, not in a log, not in the device store', async () => {
    const { service, values, logged, restart } = await createTestService(fake)
    const secret = 'invalid-Sk9Qx7SecretKey'
    for (const provider of providerNames) {
      await service.configure({ provider, api_key: secret, model: 'm' })
      await service.test(provider)
      await ask(service, { provider, messages: [{ role: 'user', content: 'patient Ngo Bassa' }] })
    }
    expect(fake.requests.some((request) => request.apiKey === secret)).toBe(true)
    const states = [...(await service.list()), ...(await (await restart()).list())]
    for (const state of states) expect(providerState.strict().parse(state)).toEqual(state)
    expect(logged()).toContain('unauthorized')
    for (const text of [JSON.stringify(states), logged(), JSON.stringify([...values])]) {
      expect(text).not.toContain('Sk9Qx7')
      expect(text).not.toContain('Bassa')
      expect(text).not.toContain('fake-groq-key')
    }
  })

  it('do not follow to another server', async () => {
    const other = await FakeProviderServer.start({ tokenDelayMs: 0 })
    const { service } = await createTestService(fake, { only: ['groq'] })
    // The environment's key belongs to the environment's address.
    expect(await service.configure({ provider: 'groq', base_url: other.address })).toMatchObject({ configured: false })
    expect(await service.configure({ provider: 'groq', base_url: other.address, api_key: 'own-key' })).toMatchObject({ configured: true })
    await expect(service.configure({ provider: 'groq', base_url: fake.address })).rejects.toMatchObject(invalid('api_key', 'required_with_address'))
    // The same server under another path keeps it.
    await service.configure({ provider: 'groq', base_url: `${other.address}/openai/v1` })
    await ask(service)
    expect(other.requests.at(-1)).toMatchObject({ apiKey: 'own-key' })
    await other.close()
  })
})

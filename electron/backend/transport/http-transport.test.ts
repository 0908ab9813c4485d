import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatMessage, Conversation } from '../../../shared/contract/conversations.js'
import type { Session } from '../../../shared/contract/accounts.js'
import type { Client } from '../../../shared/contract/client.js'
import { consentVersion } from '../../../shared/contract/consent.js'
import { FakeProviderServer } from '../providers/fake/fake-provider-server.js'
import { startTestBackend, temporaryFolder, type TestBackend } from '../testing/test-backend.js'
import { readServerSentEvents, startTestServer, type TestServer } from '../testing/test-server.js'

let fake: FakeProviderServer
let backend: TestBackend
let server: TestServer
let rendererFolder: string
let patient: { session: Session; client: Client }

beforeAll(async () => {
  rendererFolder = temporaryFolder('renderer')
  fs.writeFileSync(path.join(rendererFolder, 'index.html'), '<!doctype html><title>CareChat</title>')
  fs.mkdirSync(path.join(rendererFolder, 'assets'))
  fs.writeFileSync(path.join(rendererFolder, 'assets', 'main.js'), 'export {}')
  fake = await FakeProviderServer.start({ tokenDelayMs: 5, wordsBeforeFault: 60 })
  backend = await startTestBackend({ model: false, environment: fake.environment })
  server = await startTestServer(backend, { rendererFolder })
  patient = await backend.patient('+237650000101')
})
afterAll(async () => {
  await server.close()
  await backend.remove()
  await fake.close()
  fs.rmSync(rendererFolder, { recursive: true, force: true })
})
beforeEach(() => fake.setMode('normal'))

/** A request whose Host header a browser would not let a page choose. */
function requestWithHost(headers: http.OutgoingHttpHeaders, requestPath = '/health'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    http
      .request({ host: '127.0.0.1', port: server.port, path: requestPath, headers }, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => (body += text))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      })
      .on('error', reject)
      .end()
  })
}

describe('the source document’s examples, in their order', () => {
  let userId: string
  let token: string
  let conversationId: string

  it('1: creates a user account', async () => {
    const answer = await server.request('/signup', {
      body: { full_name: 'John Doe', phone_number: '+237123456789', email: 'john@example.com', preferred_language: 'en', password: 'securepassword123' },
    })
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ full_name: 'John Doe', phone_number: '+237123456789', email: 'john@example.com', preferred_language: 'en', role: 'patient' })
    expect(answer.text).not.toMatch(/password|hash/)
    userId = answer.json['patient_id'] as string
  })

  it('2: signs in', async () => {
    const answer = await server.request('/login', { body: { phone_number: '+237123456789', password: 'securepassword123' } })
    expect(answer.json).toMatchObject({ token_type: 'bearer', expires_in: 1800, refresh_token: expect.any(String) as unknown, user: { patient_id: userId } })
    token = answer.json['access_token'] as string
    expect((await server.request('/me', { token })).json).toMatchObject({ patient_id: userId })
    const renewed = await server.request('/refresh', { body: { refresh_token: answer.json['refresh_token'] } })
    expect(renewed.status).toBe(200)
    token = renewed.json['access_token'] as string
  })

  it('3: starts a chat conversation', async () => {
    // Without the person's consent the hospital's own server would answer.
    await server.request('/rpc/consent.set', { token, body: { given: true, version: consentVersion, language: 'en' } })
    const answer = await server.request('/chat/', {
      token,
      body: { user_id: userId, message: 'I have been experiencing headaches for the past week', conversation_id: null, provider: 'groq' },
    })
    expect(answer.status).toBe(200)
    const { user_message, assistant_message } = answer.json as { user_message: ChatMessage; assistant_message: ChatMessage }
    expect(user_message).toMatchObject({ role: 'user', content: 'I have been experiencing headaches for the past week' })
    expect(assistant_message).toMatchObject({ role: 'assistant', state: 'complete' })
    expect(assistant_message.content).not.toBe('')
    expect(assistant_message.message_metadata.provider).toBe('groq')
    conversationId = answer.json['conversation_id'] as string
  })

  it('4: continues it', async () => {
    const answer = await server.request('/chat/', {
      token,
      body: { user_id: userId, message: 'The headaches are worse in the morning', conversation_id: conversationId, provider: 'groq' },
    })
    expect(answer.json).toMatchObject({ conversation_id: conversationId, assistant_message: { role: 'assistant' } })
  })

  it('5: lists the conversations with title and message_count', async () => {
    const answer = await server.request(`/chat/conversations/${userId}`, { token })
    const conversations = answer.json as unknown as Conversation[]
    expect(conversations.map(({ conversation_id, title, message_count }) => ({ conversation_id, title, message_count }))).toEqual([
      { conversation_id: conversationId, title: 'I have been experiencing headaches for the past…', message_count: 4 },
    ])
  })

  it('6: retrieves the whole conversation, and pages through it', async () => {
    const { messages } = (await server.request(`/chat/conversations/${userId}/${conversationId}`, { token })).json as { messages: ChatMessage[] }
    expect(messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user', 'assistant'])
    const page = (await server.request(`/chat/conversations/${userId}/${conversationId}?skip=1&limit=2`, { token })).json
    expect(page).toMatchObject({ messages: messages.slice(1, 3), has_earlier: true })
  })

  it('deletes a message and the conversation', async () => {
    const { messages } = (await server.request(`/conversations/${conversationId}`, { token })).json as { messages: ChatMessage[] }
    const message = await server.request(`/chat/messages/${userId}/${messages[3]?.message_id ?? ''}`, { method: 'DELETE', token })
    expect(message.json).toMatchObject({ message: 'Message deleted', message_id: messages[3]?.message_id })
    const whole = await server.request(`/chat/conversations/${userId}/${conversationId}`, { method: 'DELETE', token })
    expect(whole.json).toMatchObject({ message: 'Conversation deleted', conversation_id: conversationId })
    expect((await server.request(`/chat/conversations/${userId}/${conversationId}`, { token })).status).toBe(404)
    expect((await server.request(`/chat/conversations/${userId}`, { token })).json).toEqual([])
  })
})

describe('paths without a sign-in', () => {
  it('answers the welcome line, health and provider health', async () => {
    expect((await server.request('/')).json).toEqual({ message: 'Welcome to CareChat Track2 Backend!', status: 'healthy' })
    const health = await server.request('/health')
    expect(Object.keys(health.json).sort()).toEqual(['database', 'providers', 'retrieval', 'service', 'status', 'sync'])
    expect(health.json).toMatchObject({ status: 'healthy', database: 'connected', sync: { status: 'off' } })
    const providers = await server.request('/health/llm')
    expect(Object.keys(providers.json['providers'] as object).sort()).toEqual(['gemini', 'groq', 'local'])
    expect(providers.text).not.toContain('fake-groq-key')
  })

  it('describes itself', async () => {
    const { json } = await server.request('/openapi.json')
    expect(json).toMatchObject({ openapi: '3.1.0', info: { version: '0.0.0-test' } })
    expect(Object.keys(json['paths'] as object)).toEqual(expect.arrayContaining(['/', '/signup', '/login', '/chat/', '/chat/conversations/{user_id}', '/rpc/chat.send']))
  })

  it('gives a browser the page at the same address, with a policy, and nothing outside its folder', async () => {
    const page = await server.request('/', { headers: { Accept: 'text/html,application/xhtml+xml' } })
    expect(page.text).toContain('<title>CareChat</title>')
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'/)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await server.request('/assets/main.js')).headers.get('content-type')).toMatch(/javascript/)
    for (const outside of ['/..%2f..%2fetc%2fpasswd', '/assets/..%5c..%5cpackage.json', '/%2e%2e/package.json']) {
      expect((await requestWithHost({ Host: `127.0.0.1:${server.port}` }, outside)).status, outside).toBeGreaterThanOrEqual(400)
    }
  })

  it('answers the contract alone when no page was built', async () => {
    const bare = await startTestServer(backend)
    try {
      expect((await bare.request('/', { headers: { Accept: 'text/html' } })).json).toMatchObject({ status: 'healthy' })
    } finally {
      await bare.close()
    }
  })
})

describe('addresses', () => {
  it('are the same with and without the last slash', async () => {
    const token = patient.session.access_token
    for (const address of ['/health/', '/me/', '/conversations', '/conversations/', `/chat/conversations/${patient.session.user.patient_id}/`]) {
      expect((await server.request(address, { token })).status, address).toBe(200)
    }
    expect((await server.request('/chat', { token, body: { message: 'Bonjour' } })).status).toBe(200)
  })

  it('that do not exist are 404 in the contract’s form, also where the address itself is broken', async () => {
    for (const address of ['/nowhere', '/rpc/accounts.nothing', '/rpc/__proto__', '/rpc/constructor', `/conversations/${'x'.repeat(300)}`]) {
      const answer = await server.request(address, { token: patient.session.access_token, ...(address.startsWith('/rpc') ? { body: {} } : {}) })
      expect(answer.status, address).toBe(404)
      expect(answer.json, address).toMatchObject({ detail: expect.any(String) as unknown, status_code: 404, timestamp: expect.any(String) as unknown })
    }
    const broken = await requestWithHost({ Host: `127.0.0.1:${server.port}` }, '/%zz')
    expect(broken.status).toBe(400)
    expect(JSON.parse(broken.body)).toMatchObject({ code: 'malformed_request', status_code: 400 })
  })

  it('read true and false in a query', async () => {
    const token = patient.session.access_token
    const { conversation_id } = await patient.client.conversations.create({ title: 'Kept' })
    await patient.client.conversations.setFavorite({ conversation_id, is_favorite: true })
    await patient.client.conversations.create({ title: 'Not kept' })
    const favorites = await server.request('/conversations/?favorites_only=true', { token })
    expect((favorites.json as unknown as Conversation[]).map((conversation) => conversation.title)).toEqual(['Kept'])
    expect((await server.request('/conversations/?favorites_only=false&limit=1', { token })).json).toHaveLength(1)
    expect((await server.request('/conversations/?favorites_only=perhaps', { token })).status).toBe(400)
  })
})

describe('other sites', () => {
  it('are refused by Host (DNS rebinding)', async () => {
    for (const host of ['evil.example', `evil.example:${server.port}`, '127.0.0.1.evil.example', 'localhost.evil.example:8000', '0.0.0.0', '192.168.1.5:8000', 'localhost@evil.example']) {
      const answer = await requestWithHost({ Host: host })
      expect(answer.status, host).toBe(403)
      expect(JSON.parse(answer.body), host).toMatchObject({ code: 'forbidden' })
    }
    for (const host of ['localhost', `localhost:${server.port}`, '127.0.0.1', `[::1]:${server.port}`]) expect((await requestWithHost({ Host: host })).status, host).toBe(200)
  })

  it('are refused by Origin, preflight included, and given no CORS header', async () => {
    for (const origin of ['https://evil.example', 'null', `http://localhost:${server.port}`, `https://127.0.0.1:${server.port}`, `http://127.0.0.1:${server.port}.evil.example`]) {
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await server.request('/health', { method, headers: { Origin: origin } })
        expect(answer.status, `${method} ${origin}`).toBe(403)
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      }
    }
    expect((await server.request('/health', { headers: { Origin: server.url } })).status).toBe(200)
  })
})

describe('an answer as a stream', () => {
  const patience = { timeout: 50_000 }
  const question = 'How can I protect my family from malaria?'

  it('comes as events and a result where the caller accepts them', async () => {
    const answer = await server.request('/chat/', { token: patient.session.access_token, body: { message: question }, headers: { Accept: 'text/event-stream' } })
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const events = readServerSentEvents(answer.text)
    const types = events.flatMap(({ event, data }) => (event === 'event' ? [data['type']] : []))
    expect(types.filter((type, index) => type !== types[index - 1])).toEqual(['accepted', 'sources', 'started', 'delta', 'final'])
    const result = events.at(-1)
    expect(result?.event).toBe('result')
    expect(events.filter(({ event }) => event === 'result')).toHaveLength(1)
    const streamed = events.flatMap(({ data }) => (data['type'] === 'delta' ? [data['text']] : [])).join('')
    expect(result?.data['assistant_message']).toMatchObject({ content: streamed })
  })

  it('comes as JSON to everybody else, and over /rpc like over its path', async () => {
    const answer = await server.request('/rpc/chat.send', { token: patient.session.access_token, body: { message: question } })
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.json).toMatchObject({ assistant_message: { state: 'complete' } })
  })

  it('that fails before its first event has the status of its error', async () => {
    const answer = await server.request('/chat/', { body: { message: question }, headers: { Accept: 'text/event-stream' } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(answer.json).toMatchObject({ code: 'unauthenticated' })
  })

  it.each(['text/event-stream', 'application/json'])('is stopped and kept when the caller goes away (%s)', async (accept) => {
    fake.setMode('stall')
    const { conversation_id } = await patient.client.conversations.create({})
    const leaving = new AbortController()
    const { length: asked } = fake.requests
    const answering = fetch(`${server.url}/chat/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${patient.session.access_token}`, Accept: accept },
      body: JSON.stringify({ message: question, conversation_id }),
      signal: leaving.signal,
    })
    if (accept === 'text/event-stream') {
      const reader = (await answering).body?.pipeThrough(new TextDecoderStream()).getReader()
      for (let text = ''; !text.includes('"type":"delta"'); ) text += (await reader?.read())?.value ?? ''
    } else {
      answering.catch(() => undefined)
      await vi.waitFor(async () => {
        expect(fake.requests.length).toBe(asked + 1)
        expect((await patient.client.conversations.history({ conversation_id })).messages).toHaveLength(2)
      }, patience)
    }
    leaving.abort()
    expect(await fake.requests.at(-1)?.closed).toBe('client')
    await vi.waitFor(async () => {
      const { messages } = await patient.client.conversations.history({ conversation_id })
      expect(messages.map((message) => message.state)).toEqual(['complete', 'stopped'])
      // Words that had been seen are there.
      if (accept === 'text/event-stream') expect(messages[1]?.content).not.toBe('')
    }, patience)
  })
})

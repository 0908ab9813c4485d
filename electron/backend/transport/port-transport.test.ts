import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '../../../shared/contract/accounts.js'
import type { ChatEvent, ChatResponse } from '../../../shared/contract/chat.js'
import type { Client } from '../../../shared/contract/client.js'
import { errorBody, type ErrorBody } from '../../../shared/contract/errors.js'
import type { ServerMessage } from '../../../shared/contract/messages.js'
import { FakeProviderServer } from '../providers/fake/fake-provider-server.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'
import { servePort, type Port } from './port-transport.js'

let fake: FakeProviderServer
let backend: TestBackend
let patient: { session: Session; client: Client }

const question = 'How can I protect my family from malaria?'

beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 5, wordsBeforeFault: 60 })
  backend = await startTestBackend({ model: false, environment: fake.environment })
  patient = await backend.patient('+237650000301')
})
afterAll(async () => {
  await backend.remove()
  await fake.close()
})
beforeEach(() => fake.setMode('normal'))

function adapt(port: MessagePort): Port {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  }
}

/** The window's end of a served port: what it sends, and what has come back. */
class Window {
  readonly port: MessagePort
  readonly received: ServerMessage[] = []
  readonly #arrived = new EventTarget()
  #lastId = 0

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    this.port.on('message', (message: ServerMessage) => {
      this.received.push(message)
      this.#arrived.dispatchEvent(new Event('message'))
    })
    servePort(adapt(port2), backend.router, 'window:1')
  }

  send(method: unknown, input: unknown, more: Record<string, unknown> = {}): number {
    const id = ++this.#lastId
    this.port.postMessage({ type: 'request', id, method, input, token: patient.session.access_token, language: 'en', ...more })
    return id
  }

  /** The first message for this request that fits. */
  async next<Type extends ServerMessage['type']>(id: number, type: Type, fits: (message: Extract<ServerMessage, { type: Type }>) => boolean = () => true): Promise<Extract<ServerMessage, { type: Type }>> {
    const isIt = (message: ServerMessage): message is Extract<ServerMessage, { type: Type }> =>
      message.id === id && message.type === type && fits(message as Extract<ServerMessage, { type: Type }>)
    for (;;) {
      const found = this.received.find(isIt)
      if (found) return found
      await new Promise((resolve) => this.#arrived.addEventListener('message', resolve, { once: true }))
    }
  }

  async error(method: unknown, input: unknown, more: Record<string, unknown> = {}): Promise<ErrorBody> {
    return errorBody.parse((await this.next(this.send(method, input, more), 'error')).error)
  }
}

describe('a port', () => {
  it('answers each request under its id, streams with their events first', async () => {
    const window = new Window()
    const me = window.send('accounts.me', {})
    const asked = window.send('chat.send', { message: question })
    expect((await window.next(me, 'result')).value).toMatchObject({ patient_id: patient.session.user.patient_id })
    const { value } = await window.next(asked, 'result')
    const mine = window.received.filter((message) => message.id === asked)
    expect(mine.at(-1)?.type).toBe('result')
    const events = mine.flatMap((message) => (message.type === 'event' ? [message.event as ChatEvent] : []))
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['accepted', 'final'])
    expect(events.flatMap((event) => (event.type === 'delta' ? [event.text] : [])).join('')).toBe((value as ChatResponse).assistant_message.content)
    window.port.close()
  })

  it('passes over what cannot be answered, and goes on', async () => {
    const window = new Window()
    for (const message of [null, 'text', 7, [], {}, { type: 'request' }, { type: 'request', id: '1' }, { type: 'cancel' }, { type: 'cancel', id: 99 }, { type: 'close', id: 1 }, new Map()]) window.port.postMessage(message)
    expect((await window.next(window.send('accounts.me', {}), 'result')).value).toBeDefined()
    expect(window.received).toHaveLength(1)
    window.port.close()
  })

  it('refuses bad requests with the same errors as every other way in', async () => {
    const window = new Window()
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    expect(await window.error('nothing.here', {})).toMatchObject({ code: 'unknown_method', status_code: 404 })
    for (const method of [undefined, 7, {}, '__proto__', 'constructor.name']) expect((await window.error(method, {})).code).toBe('unknown_method')
    for (const input of ['text', 7, [], { message: 7 }, { message: ['x'] }, { message: 'x', top_k: NaN }, new Map(), { message: 'a\u0000b' }]) {
      expect((await window.error('chat.send', input)).code).toBe('validation_failed')
    }
    expect((await window.error('conversations.create', { metadata: circular })).code).toBe('malformed_request')
    expect((await window.error('conversations.create', { metadata: { big: 1n } })).code).toBe('malformed_request')
    expect(await window.error('chat.send', { message: 'x'.repeat(1024 * 1024) })).toMatchObject({ code: 'too_large', status_code: 413 })
    for (const token of [null, undefined, 7, {}, 'garbage']) expect((await window.error('accounts.me', {}, { token })).code).toBe('unauthenticated')
    expect((await window.error('accounts.listStaff', {})).code).toBe('forbidden')
    expect((await window.error('accounts.me', {}, { token: null, language: 'fr' })).detail).toBe('Veuillez vous connecter.')
    expect((await window.error('accounts.me', {}, { token: null, language: 'de' })).detail).toBe('Please sign in.')
    window.port.close()
  })

  it('stops an answer at a cancel and keeps what was written', async () => {
    fake.setMode('stall')
    const window = new Window()
    const asked = window.send('chat.send', { message: question })
    await window.next(asked, 'event', ({ event }) => (event as ChatEvent).type === 'delta')
    window.port.postMessage({ type: 'cancel', id: asked })
    const { assistant_message } = (await window.next(asked, 'result')).value as ChatResponse
    expect(assistant_message.state).toBe('stopped')
    expect(assistant_message.content).not.toBe('')
    window.port.close()
  })

  it('that closes in the middle of an answer still has it finished and stored', async () => {
    const window = new Window()
    const { conversation_id } = await patient.client.conversations.create({})
    const asked = window.send('chat.send', { message: question, conversation_id })
    await window.next(asked, 'event', ({ event }) => (event as ChatEvent).type === 'delta')
    window.port.close()
    await vi.waitFor(async () => {
      const { messages } = await patient.client.conversations.history({ conversation_id })
      expect(messages.map((message) => message.state)).toEqual(['complete', 'complete'])
      expect(messages[1]?.message_metadata.answered_by).toBe('provider')
    }, { timeout: 50_000 })
    expect(window.received.some((message) => message.type === 'result')).toBe(false)
  })

  it('that closes ends what was for its listener alone', async () => {
    const window = new Window()
    const handle = vi.spyOn(backend.router, 'handle')
    const watching = window.send('chat.watch', {})
    await window.next(watching, 'event')
    const ended = handle.mock.results.at(-1)?.value as Promise<unknown>
    window.port.close()
    expect(await ended).toEqual({})
    handle.mockRestore()
  })
})

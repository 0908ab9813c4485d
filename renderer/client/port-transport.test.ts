import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ClientMessage, ServerMessage } from '../../shared/contract/messages.js'
import type { ConnectResult, ServiceState } from './carechat-bridge.js'
import type { ConnectionStatus } from './connection.js'
import { PortTransport } from './port-transport.js'

const origin = 'carechat://app'

/** A window and a shell: each `connect` hands over a real port, and the test plays the backend at the other end. */
function setUp(options: { answers?: ConnectResult[]; waitMs?: number } = {}) {
  const host = Object.assign(new EventTarget(), { location: { origin } })
  const backendPorts: MessagePort[] = []
  const statuses: ConnectionStatus[] = []
  const received: ClientMessage[] = []
  const answers = options.answers ?? []
  let serviceChanged: (state: ServiceState) => void = () => undefined
  let lock: () => void = () => undefined
  const reply = vi.fn<(message: ClientMessage, send: (message: ServerMessage) => void) => void>()
  const deliver = (changes: Record<string, unknown> = {}): void => {
    const { port1, port2 } = new MessageChannel()
    backendPorts.push(port1)
    port1.onmessage = ({ data }: MessageEvent<ClientMessage>) => {
      received.push(data)
      reply(data, (message) => port1.postMessage(message))
    }
    host.dispatchEvent(Object.assign(new Event('message'), { data: { type: 'carechat:port' }, origin, source: host, ports: [port2], ...changes }))
  }
  const connect = vi.fn(async (): Promise<ConnectResult> => {
    const answer = answers.shift() ?? { ok: true }
    if (answer.ok) deliver()
    return Promise.resolve(answer)
  })
  const transport = new PortTransport({
    bridge: {
      connect,
      onServiceState: (callback) => {
        serviceChanged = callback
        return () => undefined
      },
      onLock: (callback) => {
        lock = callback
        return () => undefined
      },
    },
    host,
    onConnection: (status) => statuses.push(status),
    waitMs: options.waitMs ?? 2_000,
    firstPauseMs: 5,
    longestPauseMs: 20,
  })
  onTestFinished(() => {
    transport.close()
    for (const port of backendPorts) port.close()
  })
  const request = (method = 'system.info', more: { signal?: AbortSignal; onEvent?: (event: unknown) => void } = {}): Promise<unknown> =>
    transport.request({ method, input: { a: 1 }, token: 'token', language: 'fr', ...more })
  return { transport, host, connect, deliver, backendPorts, statuses, received, reply, request, serviceChanged: (state: ServiceState) => serviceChanged(state), lock: () => lock() }
}

describe('PortTransport', () => {
  it('moves a request and its answer, and passes events before the result', async () => {
    const { request, reply, received, statuses } = setUp()
    reply.mockImplementation((message, send) => {
      send({ type: 'event', id: message.id, event: 'one' })
      send({ type: 'event', id: message.id, event: 'two' })
      send({ type: 'result', id: message.id, value: { done: true } })
    })
    const events: unknown[] = []
    await expect(request('chat.send', { onEvent: (event) => events.push(event) })).resolves.toEqual({ done: true })
    expect(events).toEqual(['one', 'two'])
    expect(received).toEqual([{ type: 'request', id: 1, method: 'chat.send', input: { a: 1 }, token: 'token', language: 'fr' }])
    expect(statuses).toEqual(['connected'])
  })

  it('rejects with the error that the backend sent', async () => {
    const { request, reply } = setUp()
    const error = { detail: 'x', status_code: 429, timestamp: '', code: 'locked_out' as const, retry_after_s: 60 }
    reply.mockImplementation((message, send) => send({ type: 'error', id: message.id, error }))
    await expect(request()).rejects.toMatchObject({ code: 'locked_out', retryAfterS: 60 })
  })

  it('rejects what is under way when the port closes, connects again by itself and goes on', async () => {
    const { request, reply, backendPorts, connect, statuses } = setUp()
    reply.mockImplementationOnce(() => backendPorts[0]?.close())
    await expect(request()).rejects.toMatchObject({ code: 'backend_lost' })
    reply.mockImplementation((message, send) => send({ type: 'result', id: message.id, value: 'back' }))
    await expect(request()).resolves.toBe('back')
    expect(connect).toHaveBeenCalledTimes(2)
    expect(statuses).toEqual(['connected', 'lost', 'connected'])
  })

  it('waits for a connection and asks again after a refusal', async () => {
    const { request, reply, connect } = setUp({ answers: [{ ok: false, code: 'backend_lost' }, { ok: false, code: 'backend_lost' }] })
    reply.mockImplementation((message, send) => send({ type: 'result', id: message.id, value: 1 }))
    await expect(request()).resolves.toBe(1)
    expect(connect).toHaveBeenCalledTimes(3)
  })

  it('gives a request up when no connection comes in time', async () => {
    const refused: ConnectResult[] = Array.from({ length: 50 }, () => ({ ok: false, code: 'backend_lost' }))
    const { request, statuses } = setUp({ answers: refused, waitMs: 30 })
    await expect(request()).rejects.toMatchObject({ code: 'backend_lost' })
    expect(statuses).toContain('lost')
  })

  it('tells of a disk that refused a write, and connects as soon as the shell says that the service is back', async () => {
    const { statuses, serviceChanged, connect } = setUp({ answers: [{ ok: false, code: 'disk_failed' }] })
    await vi.waitFor(() => expect(statuses).toContain('disk_failed'))
    serviceChanged('ready')
    await vi.waitFor(() => expect(statuses.at(-1)).toBe('connected'))
    expect(connect.mock.calls.length).toBeGreaterThanOrEqual(2)
  })

  it('takes another port when the shell says that the service stopped, or that the device was locked', async () => {
    const { request, reply, serviceChanged, lock, connect } = setUp()
    reply.mockImplementationOnce(() => serviceChanged('starting'))
    await expect(request()).rejects.toMatchObject({ code: 'backend_lost' })
    reply.mockImplementation((message, send) => send({ type: 'result', id: message.id, value: 1 }))
    await expect(request()).resolves.toBe(1)
    lock()
    await expect(request()).resolves.toBe(1)
    expect(connect).toHaveBeenCalledTimes(3)
  })

  it('cancels at the backend and rejects when the caller gives up', async () => {
    const { request, reply, received } = setUp()
    const abort = new AbortController()
    reply.mockImplementationOnce(() => abort.abort())
    await expect(request('chat.send', { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' })
    await vi.waitFor(() => expect(received.at(-1)).toEqual({ type: 'cancel', id: 1 }))
    await expect(request('chat.send', { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('takes no port from another window, another origin or another message', async () => {
    const { deliver, backendPorts, received, request, reply } = setUp()
    reply.mockImplementation((message, send) => send({ type: 'result', id: message.id, value: 'first' }))
    await request()
    deliver({ source: {} })
    deliver({ origin: 'https://elsewhere.example' })
    deliver({ data: { type: 'other' } })
    deliver({ data: null })
    await expect(request()).resolves.toBe('first')
    expect(backendPorts).toHaveLength(5)
    expect(received).toHaveLength(2)
  })

  it('rejects everything once it is closed', async () => {
    const { transport, request } = setUp({ answers: [{ ok: false, code: 'backend_lost' }] })
    const waiting = request()
    transport.close()
    await expect(waiting).rejects.toMatchObject({ code: 'backend_lost' })
  })
})

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ConnectionStatus } from './connection.js'
import { HttpTransport } from './http-transport.js'

type Handle = (request: IncomingMessage & { body: string }, response: ServerResponse) => void

async function setUp(handle: Handle) {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => handle(Object.assign(request, { body }), response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const statuses: ConnectionStatus[] = []
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const transport = new HttpTransport({ baseUrl, onConnection: (status) => statuses.push(status) })
  return { transport, statuses, server }
}

const request = { method: 'system.info', input: { a: 1 }, token: 'secret', language: 'fr' as const }

function streamOf(...pieces: string[]): Handle {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const piece of pieces) response.write(piece)
    response.end()
  }
}

describe('HttpTransport', () => {
  it('posts the input with token and language and resolves with the body', async () => {
    const { transport, statuses } = await setUp(({ url, method, headers, body }, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ url, method, token: headers.authorization, language: headers['accept-language'], body }))
    })
    await expect(transport.request(request)).resolves.toEqual({
      url: '/rpc/system.info',
      method: 'POST',
      token: 'Bearer secret',
      language: 'fr',
      body: '{"a":1}',
    })
    expect(statuses).toEqual(['connected'])
  })

  it('rejects with the service’s own error', async () => {
    const { transport, statuses } = await setUp((_request, response) => {
      response.statusCode = 401
      response.end(JSON.stringify({ detail: 'x', status_code: 401, timestamp: 't', code: 'token_expired' }))
    })
    await expect(transport.request(request)).rejects.toMatchObject({ code: 'token_expired' })
    expect(statuses).toEqual(['connected'])
  })

  it('takes a page that is not the service’s for a lost service', async () => {
    const { transport, statuses } = await setUp((_request, response) => {
      response.statusCode = 502
      response.end('<h1>Bad gateway</h1>')
    })
    await expect(transport.request(request)).rejects.toMatchObject({ code: 'backend_lost' })
    expect(statuses).toEqual(['lost'])
  })

  it('reads events and then the result, however the bytes are cut', async () => {
    const text = 'event: event\ndata: {"text":"é"}\n\n: keep alive\n\nevent: event\r\ndata: {"text":\r\ndata: "b"}\r\n\r\nevent: result\ndata: {"done":true}\n\n'
    const bytes = Buffer.from(text)
    const { transport } = await setUp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const byte of bytes) response.write(Buffer.from([byte]))
      response.end()
    })
    const events: unknown[] = []
    await expect(transport.request({ ...request, method: 'chat.send', onEvent: (event) => events.push(event) })).resolves.toEqual({ done: true })
    expect(events).toEqual([{ text: 'é' }, { text: 'b' }])
  })

  it('rejects with the error of a stream, and with backend_lost when it is cut', async () => {
    const error = JSON.stringify({ detail: 'x', status_code: 409, timestamp: 't', code: 'conversation_busy' })
    const failing = await setUp(streamOf(`event: error\ndata: ${error}\n\n`))
    await expect(failing.transport.request({ ...request, method: 'chat.send' })).rejects.toMatchObject({ code: 'conversation_busy' })
    const cut = await setUp(streamOf('event: event\ndata: {}\n\nevent: resu'))
    await expect(cut.transport.request({ ...request, method: 'chat.send' })).rejects.toMatchObject({ code: 'backend_lost' })
    expect(cut.statuses).toEqual(['lost'])
  })

  it('rejects with backend_lost when nobody listens', async () => {
    const { transport, server, statuses } = await setUp(() => undefined)
    await new Promise((resolve) => server.close(resolve))
    await expect(transport.request(request)).rejects.toMatchObject({ code: 'backend_lost' })
    expect(statuses).toEqual(['lost'])
  })

  it('closes the connection when the caller gives up', async () => {
    const abort = new AbortController()
    let closed: () => void = () => undefined
    const gone = new Promise<void>((resolve) => (closed = resolve))
    const { transport, statuses } = await setUp((_request, response) => {
      response.on('close', closed)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('event: event\ndata: {}\n\n')
    })
    const asked = transport.request({ ...request, method: 'chat.send', signal: abort.signal, onEvent: () => abort.abort() })
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
    await gone
    expect(statuses).toEqual([])
  })
})

/** What a call costs over the port and over HTTP, an insert on the disk, and the time until a provider's first word. */
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import type { ClientMessage, ServerMessage } from '../../../shared/contract/messages.js'
import { FakeProviderServer } from '../../backend/providers/fake/fake-provider-server.js'
import { startTestBackend } from '../../backend/testing/test-backend.js'
import { createHttpTransport } from '../../backend/transport/http-transport.js'
import { servePort } from '../../backend/transport/port-transport.js'
import { distribution, time, type BenchResult } from './measure.js'

/** Calls of one client over a real message port. */
function portClient(port: { postMessage(message: ClientMessage): void; on(event: 'message', listener: (message: ServerMessage) => void): void }) {
  let lastId = 0
  const pending = new Map<number, (message: ServerMessage) => void>()
  port.on('message', (message) => {
    if (message.type !== 'event') pending.get(message.id)?.(message)
  })
  return (method: string, input: unknown, token: string | null): Promise<ServerMessage> =>
    new Promise((resolve) => {
      const id = ++lastId
      pending.set(id, resolve)
      port.postMessage({ type: 'request', id, method, input, token, language: 'en' })
    })
}

/** Measures calls, inserts and the first word. */
export async function benchCalls(): Promise<BenchResult[]> {
  const fake = await FakeProviderServer.start({ tokenDelayMs: 0 })
  const backend = await startTestBackend({ environment: { ...fake.environment, GROQ_API_KEY: 'bench', RATE_LIMIT_PER_MINUTE: '10000000' } })
  await backend.knowledge.ready()
  const { session, client } = await backend.patient('+237650009999')
  const token = session.access_token
  const results: BenchResult[] = []

  const channel = new MessageChannel()
  servePort(
    {
      send: (message) => channel.port2.postMessage(message),
      onMessage: (listener) => channel.port2.on('message', listener),
      onClose: (listener) => channel.port2.on('close', listener),
      close: () => channel.port2.close(),
    },
    backend.router,
    'bench',
  )
  const call = portClient(channel.port1)
  const echo = new MessageChannel()
  echo.port2.on('message', (message: unknown) => echo.port2.postMessage(message))
  const echoed = await time(2000, () => new Promise((resolve) => (echo.port1.once('message', resolve), echo.port1.postMessage({ id: 1 }))))
  const select = await time(1000, () => backend.database.query('select 1'))
  const portCall = await time(2000, () => call('system.root', {}, null))
  const portQuery = await time(1000, () => call('accounts.me', {}, token))
  results.push({ name: 'call over a port, no database', value: portCall, unit: 'ms', reference: { name: 'bare port echo', value: echoed } })
  results.push({ name: 'call over a port, token and one query (accounts.me)', value: portQuery, unit: 'ms', reference: { name: 'select 1', value: select } })

  const server = createHttpTransport({ router: backend.router, version: 'bench', rendererFolder: null })
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  const bare = http.createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
  await new Promise((resolve) => bare.once('listening', resolve))
  const bareAddress = bare.address()
  const bareUrl = `http://127.0.0.1:${typeof bareAddress === 'object' && bareAddress ? bareAddress.port : 0}/`
  const fetched = await time(500, async () => (await fetch(bareUrl)).text())
  const httpCall = await time(500, async () => (await fetch(`${address}/me`, { headers: { authorization: `Bearer ${token}` } })).text())
  results.push({ name: 'call over HTTP, token and one query (GET /me)', value: httpCall, unit: 'ms', reference: { name: 'bare node:http', value: fetched } })

  const file = fs.openSync(path.join(backend.dataFolder, 'fsync-reference'), 'w')
  const page = Buffer.alloc(8192, 1)
  const flushed = await time(300, async () => {
    fs.writeSync(file, page, 0, page.length, 0)
    fs.fsyncSync(file)
  })
  fs.closeSync(file)
  const conversation = await client.conversations.create({})
  const inserted = await time(300, (index) =>
    backend.database.query(
      `insert into chat_messages (message_id, conversation_id, sequence, role, content, state) values (gen_random_uuid(), $1, $2, 'user', 'A message of ordinary length, as a patient writes it.', 'complete')`,
      [conversation.conversation_id, index + 1000],
    ),
  )
  results.push({ name: 'message insert, durable', value: inserted, unit: 'ms', reference: { name: 'write and fsync of 8 KB', value: flushed } })

  const question = 'My son has had a fever since yesterday, can it be malaria?'
  const firstWord = async (): Promise<number> => {
    const startedAt = performance.now()
    let first = Number.NaN
    await client.chat.send({ message: question }, { onEvent: (event) => (event.type === 'delta' && Number.isNaN(first) ? (first = performance.now() - startedAt) : undefined) })
    return first
  }
  const directFirstWord = async (): Promise<number> => {
    const startedAt = performance.now()
    const response = await fetch(`${fake.address}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer bench', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'llama-3.3-70b-versatile', stream: true, messages: [{ role: 'user', content: question }] }),
    })
    const reader = response.body?.getReader()
    await reader?.read()
    const first = performance.now() - startedAt
    await reader?.cancel()
    return first
  }
  const collect = async (count: number, run: () => Promise<number>): Promise<number[]> => {
    const values: number[] = []
    for (let index = 0; index < count; index++) values.push(await run())
    return values
  }
  await collect(3, firstWord)
  const direct = distribution(await collect(30, directFirstWord))
  results.push({ name: 'question to first word, provider on loopback', value: distribution(await collect(30, firstWord)), unit: 'ms', reference: { name: 'the provider asked directly', value: direct } })

  channel.port1.close()
  echo.port1.close()
  bare.close()
  await server.close()
  await backend.remove()
  await fake.close()
  return results
}

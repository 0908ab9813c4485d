/** A test backend behind a real socket, and what a test reads from its answers. */
import { createHttpTransport } from '../transport/http-transport.js'
import type { TestBackend } from './test-backend.js'

/** An answer as it came: its status, headers, text, and the text as JSON where it is JSON. */
export interface HttpAnswer {
  status: number
  headers: Headers
  text: string
  // A test reads the fields that it expects; a wrong one fails the test.
  json: Record<string, unknown>
}

export interface HttpRequest {
  method?: string
  token?: string | null
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown
  headers?: Record<string, string>
}

export interface TestServer {
  url: string
  port: number
  request(path: string, request?: HttpRequest): Promise<HttpAnswer>
  close(): Promise<void>
}

/** Serves the backend on a free port of loopback. `onAnswer` sees every answer. */
export async function startTestServer(
  backend: TestBackend,
  options: { rendererFolder?: string; onAnswer?: (answer: HttpAnswer) => void } = {},
): Promise<TestServer> {
  const server = createHttpTransport({ router: backend.router, version: '0.0.0-test', rendererFolder: options.rendererFolder ?? null })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    port: Number(new URL(url).port),
    request: async (path, { method, token = null, body, headers = {} } = {}) => {
      const response = await fetch(`${url}${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
      const answer = { status: response.status, headers: response.headers, text, json: (isJson ? JSON.parse(text) : {}) as Record<string, unknown> }
      options.onAnswer?.(answer)
      return answer
    },
    close: () => server.close(),
  }
}

/** The events of a server-sent stream's text, in order. */
export function readServerSentEvents(text: string): { event: string; data: Record<string, unknown> }[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const { event, data } = /^event: (?<event>\w+)\ndata: (?<data>.*)$/.exec(block)?.groups ?? {}
      return { event: event ?? '', data: JSON.parse(data ?? 'null') as Record<string, unknown> }
    })
}

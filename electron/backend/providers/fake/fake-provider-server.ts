import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { composeAnswer } from './compose-answer.js'
import { isFakeMode, type FakeMode } from './fake-modes.js'
import { readTranscriptionForm, usualSpeech, verboseTranscription, type FakeRecording, type FakeSpeech } from './fake-transcription.js'
import type { FakeMessage, FakePrompt, FakeUsage, FakeWire } from './fake-wire.js'
import { GeminiWire } from './gemini-wire.js'
import { OpenAiWire } from './openai-wire.js'

export type FakeProvider = 'groq' | 'gemini' | 'local'

export interface FakeProviderOptions {
  /** 0 picks a free one. */
  port?: number
  mode?: FakeMode
  /** Time between two words, in ms. */
  tokenDelayMs?: number
  /** How long `slow` waits before its first word, in ms. */
  slowMs?: number
  /** Words that `cut` (the connection breaks), `stall` (nothing more comes), `unfinished` (a clean end, too early) and `malformed` send first. */
  wordsBeforeFault?: number
  /** What `rate-limited` asks to wait: seconds or, except for Gemini, an HTTP date. */
  retryAfter?: string
  /** What GET models lists. */
  models?: readonly string[]
  /** Told of every prompt as it arrives; for a log, which must not hold the messages. */
  onRequest?: (request: FakeRequest) => void
}

/** A prompt as it arrived. */
export interface FakeRequest {
  provider: FakeProvider
  mode: FakeMode
  model: string
  messages: readonly FakeMessage[]
  /** The key as sent; empty when none was. */
  apiKey: string
  /** The body as parsed from JSON. */
  body: unknown
  /** Resolves when the connection's part in this request is over: `client` when the other side closed it before the end. */
  closed: Promise<'server' | 'client'>
}

/** A scripted answer: its text, or how it is made of the prompt. */
export interface FakeScript {
  say: string | ((messages: readonly FakeMessage[]) => string)
  /** Characters a piece of the stream; by default a word. */
  pieceLength?: number
}

const defaults = {
  port: 0,
  mode: 'normal',
  tokenDelayMs: 15,
  slowMs: 3_000,
  wordsBeforeFault: 5,
  retryAfter: '1',
  models: ['fake-medical-7b', 'fake-small'],
} as const
const longestBody = 1024 * 1024
const longestRecording = 26 * 1024 * 1024
const beforeCutMs = 200

/**
 * Groq, Gemini and an OpenAI-compatible server on one loopback address, in their true wire formats, without a model.
 * A mode is taken, in this order, from the queue, the header `x-fake-mode`, a model named `fake-<mode>`, or the server's own.
 */
export class FakeProviderServer {
  /** Prompts received, oldest first. */
  readonly requests: FakeRequest[] = []
  /** Recordings received, oldest first. */
  readonly recordings: FakeRecording[] = []
  /** How often the models were asked for. */
  modelRequests = 0
  readonly #options: Required<Omit<FakeProviderOptions, 'onRequest'>> & Pick<FakeProviderOptions, 'onRequest'>
  readonly #wires: Readonly<Record<FakeProvider, FakeWire>> = {
    groq: new OpenAiWire('groq'),
    gemini: new GeminiWire(),
    local: new OpenAiWire('openai'),
  }
  readonly #closing = new AbortController()
  readonly #server: Server
  readonly #queue: FakeMode[] = []
  readonly #scripts: FakeScript[] = []
  readonly #speeches: FakeSpeech[] = []
  /** Providers whose last prompt in mode `rate-limited` was turned away: the next is served. */
  readonly #turnedAway = new Set<FakeProvider>()
  #mode: FakeMode

  private constructor(options: FakeProviderOptions) {
    this.#options = { ...defaults, ...options }
    this.#mode = this.#options.mode
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => {
        // The client went away, or the server is closing: there is nobody to tell.
        response.destroy()
      })
    })
  }

  /** Starts listening on loopback. Rejects when the port is taken. */
  static async start(options: FakeProviderOptions = {}): Promise<FakeProviderServer> {
    const fake = new FakeProviderServer(options)
    fake.#server.listen(fake.#options.port, '127.0.0.1')
    await once(fake.#server, 'listening')
    return fake
  }

  /** `http://127.0.0.1:<port>`: the base URL for all three. */
  get address(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the fake provider is not listening')
    return `http://127.0.0.1:${address.port}`
  }

  /** Environment variables that point the application at this server. */
  get environment(): Record<string, string> {
    return {
      GROQ_API_KEY: 'fake-groq-key',
      GROQ_BASE_URL: this.address,
      GEMINI_API_KEY: 'fake-gemini-key',
      GEMINI_BASE_URL: this.address,
      LOCAL_LLM_BASE_URL: `${this.address}/v1`,
    }
  }

  setMode(mode: FakeMode): void {
    this.#mode = mode
    this.#turnedAway.clear()
  }

  /** Modes of the next prompts, one each; then the usual mode again. */
  enqueue(...modes: FakeMode[]): void {
    this.#queue.push(...modes)
  }

  /** What the next answers say, one each, whatever is asked; then the usual ones again. */
  script(...answers: (string | FakeScript)[]): void {
    this.#scripts.push(...answers.map((answer) => (typeof answer === 'string' ? { say: answer } : answer)))
  }

  /** What the next recordings say, one each; then the usual text again. */
  hear(...speeches: (string | FakeSpeech)[]): void {
    this.#speeches.push(...speeches.map((speech) => (typeof speech === 'string' ? { text: speech } : speech)))
  }

  /** Closes every connection and the server. */
  async close(): Promise<void> {
    this.#closing.abort()
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.address)
    const provider = providerOf(url.pathname)
    if (provider === null) return sendJson(response, 404, { error: { message: 'Not found' } })
    const wire = this.#wires[provider]
    const apiKey = keyOf(request, url)
    const keyless = apiKey === '' && provider !== 'local'
    const turnAway = (kind: Parameters<FakeWire['error']>[0]) => {
      const { status, body, headers } = wire.error(kind, this.#options.retryAfter)
      sendJson(response, status, body, headers)
    }
    if (request.method === 'GET') {
      this.modelRequests++
      if (keyless || apiKey.startsWith('invalid')) return turnAway('unauthorized')
      return sendJson(response, 200, wire.models(this.#options.models))
    }
    if (url.pathname.endsWith('/audio/transcriptions')) return this.#transcribe(request, response, provider, { apiKey, keyless, turnAway })
    const body = await readJson(request)
    const prompt = wire.readPrompt(url.pathname, body)
    if (prompt === null) return turnAway('bad-request')

    const mode = this.#takeMode(request, prompt.model)
    const closed = once(response, 'close').then(() => (response.writableFinished || response.errored ? 'server' : 'client'))
    const received: FakeRequest = { provider, mode, model: prompt.model, messages: prompt.messages, apiKey, body, closed }
    this.requests.push(received)
    this.#options.onRequest?.(received)

    if (keyless || apiKey.startsWith('invalid') || mode === 'unauthorized') return turnAway('unauthorized')
    if (mode === 'server-error') return turnAway('server-error')
    if (mode === 'always-rate-limited' || (mode === 'rate-limited' && !this.#turnedAway.delete(provider))) {
      if (mode === 'rate-limited') this.#turnedAway.add(provider)
      return turnAway('rate-limited')
    }
    if (mode === 'hang') return
    await this.#answer(wire, prompt, mode, response)
  }

  async #transcribe(
    request: IncomingMessage,
    response: ServerResponse,
    provider: FakeProvider,
    { apiKey, keyless, turnAway }: { apiKey: string; keyless: boolean; turnAway: (kind: Parameters<FakeWire['error']>[0]) => void },
  ): Promise<void> {
    const body = await readBody(request, longestRecording)
    const recording = body && (await readTranscriptionForm(body, request.headers['content-type'] ?? '', provider, apiKey))
    if (!recording) return turnAway('bad-request')
    this.recordings.push(recording)
    const mode = this.#takeMode(request, recording.model)
    if (keyless || apiKey.startsWith('invalid') || mode === 'unauthorized') return turnAway('unauthorized')
    if (mode === 'server-error') return turnAway('server-error')
    if (mode === 'always-rate-limited' || (mode === 'rate-limited' && !this.#turnedAway.delete(provider))) {
      if (mode === 'rate-limited') this.#turnedAway.add(provider)
      return turnAway('rate-limited')
    }
    if (mode === 'refused') return turnAway('bad-request')
    if (mode === 'hang') return
    if (mode === 'slow') await this.#pause(this.#options.slowMs, response)
    if (mode === 'malformed') return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"text": ')
    if (mode === 'cut') return void response.destroy(new Error('cut'))
    const speech = this.#speeches.shift() ?? usualSpeech
    sendJson(response, 200, verboseTranscription(mode === 'empty' ? { text: '' } : speech))
  }

  async #answer(wire: FakeWire, prompt: FakePrompt, mode: FakeMode, response: ServerResponse): Promise<void> {
    const { model } = prompt
    const words = mode === 'empty' ? [] : this.#pieces(prompt)
    const usage: FakeUsage = { promptTokens: countWords(prompt.messages), completionTokens: words.length }
    if (!prompt.stream) {
      if (mode === 'cut' || mode === 'stall') response.destroy(new Error('cut'))
      else if (mode === 'malformed') response.end('{"choices": [')
      else sendJson(response, 200, wire.whole(model, words.join(''), usage))
      return
    }

    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
    response.flushHeaders()
    if (mode === 'slow') await this.#pause(this.#options.slowMs, response)
    if (mode === 'refused') return sendEvents(response, wire.refusal(model))

    const faulty = mode === 'cut' || mode === 'stall' || mode === 'unfinished' || mode === 'malformed'
    for (const word of faulty ? words.slice(0, this.#options.wordsBeforeFault) : words) {
      response.write(event(wire.chunk(model, word)))
      await this.#pause(this.#options.tokenDelayMs, response)
    }
    if (mode === 'stall') return
    if (mode === 'cut') {
      // A socket that breaks takes unread words with it: the reader gets time for those that a real network would have delivered.
      await this.#pause(beforeCutMs, response)
      response.destroy(new Error('cut'))
    } else if (mode === 'unfinished') response.end()
    else if (mode === 'malformed') response.end(event('{"choices": [{"delta": {"content"'))
    else sendEvents(response, wire.end(model, usage))
  }

  /** The answer in the pieces in which it is streamed. */
  #pieces(prompt: FakePrompt): string[] {
    const script = this.#scripts.shift()
    if (!script) return composeAnswer(prompt.messages).match(/\S+\s*/g) ?? []
    const text = typeof script.say === 'string' ? script.say : script.say(prompt.messages)
    return (script.pieceLength === undefined ? text.match(/\S+\s*/g) : text.match(new RegExp(`[\\s\\S]{1,${script.pieceLength}}`, 'gu'))) ?? []
  }

  /** Waits, but not for a client that has gone away. */
  async #pause(ms: number, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    const leave = () => gone.abort()
    response.once('close', leave)
    try {
      await wait(ms, undefined, { signal: AbortSignal.any([gone.signal, this.#closing.signal]) })
    } finally {
      response.off('close', leave)
    }
  }

  #takeMode(request: IncomingMessage, model: string): FakeMode {
    const queued = this.#queue.shift()
    if (queued !== undefined) {
      // A queued mode stands for itself: one turned away, whatever came before.
      this.#turnedAway.clear()
      return queued
    }
    const header = request.headers['x-fake-mode']
    if (typeof header === 'string' && isFakeMode(header)) return header
    const named = /^fake-(.+)$/.exec(model)?.[1]
    return named !== undefined && isFakeMode(named) ? named : this.#mode
  }
}

function providerOf(path: string): FakeProvider | null {
  if (path.startsWith('/openai/v1/')) return 'groq'
  if (path.startsWith('/v1beta/models')) return 'gemini'
  if (path.startsWith('/v1/')) return 'local'
  return null
}

function keyOf(request: IncomingMessage, url: URL): string {
  const google = request.headers['x-goog-api-key']
  if (typeof google === 'string') return google
  return url.searchParams.get('key') ?? request.headers.authorization?.replace(/^Bearer\s+/i, '') ?? ''
}

/** The body's bytes; null when there are more than `longest`. */
async function readBody(request: IncomingMessage, longest: number): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length <= longest) pieces.push(piece)
  }
  return length > longest ? null : Buffer.concat(pieces)
}

/** The body as JSON; undefined when it is none or too long. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, longestBody)
  try {
    return body === null ? undefined : JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

function event(data: string): string {
  return `data: ${data}\n\n`
}

function sendEvents(response: ServerResponse, data: readonly string[]): void {
  response.end(data.map(event).join(''))
}

function countWords(messages: readonly FakeMessage[]): number {
  return messages.reduce((total, { content }) => total + (content.match(/\S+/g)?.length ?? 0), 0)
}

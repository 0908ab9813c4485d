import type { Transport, TransportRequest } from '../../shared/contract/client.js'
import { ContractError, fromErrorBody } from '../../shared/contract/errors.js'
import type { ClientMessage, ServerMessage } from '../../shared/contract/messages.js'
import type { CarechatBridge, ConnectResult, ServiceState } from './carechat-bridge.js'
import type { ConnectionStatus } from './connection.js'

/** The part of `window` that hands over the port. */
export interface PortHost extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly location: { readonly origin: string }
}

export interface PortTransportOptions {
  bridge: Pick<CarechatBridge, 'connect' | 'onServiceState' | 'onLock'>
  host: PortHost
  onConnection: (status: ConnectionStatus) => void
  /** Longest time that a request waits for a connection, in ms. */
  waitMs?: number
  /** First and longest pause between attempts to connect, in ms. */
  firstPauseMs?: number
  longestPauseMs?: number
}

interface Pending {
  onEvent: ((event: unknown) => void) | undefined
  resolve: (value: unknown) => void
  reject: (error: ContractError) => void
}

interface Waiting {
  resolve: (port: MessagePort) => void
  reject: (error: ContractError) => void
}

/** Moves requests over a MessagePort to the backend process, and connects again by itself when the port closes. */
export class PortTransport implements Transport {
  readonly #options: Required<PortTransportOptions>
  readonly #pending = new Map<number, Pending>()
  readonly #waiting = new Set<Waiting>()
  #port: MessagePort | null = null
  readonly #stopListening: readonly (() => void)[]
  #connecting = false
  #nextId = 1
  #pauseMs: number
  #retry: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(options: PortTransportOptions) {
    this.#options = { waitMs: 10_000, firstPauseMs: 150, longestPauseMs: 3_000, ...options }
    this.#pauseMs = this.#options.firstPauseMs
    this.#options.host.addEventListener('message', this.#receivePort)
    const { bridge } = this.#options
    this.#stopListening = [bridge.onServiceState(this.#serviceChanged), bridge.onLock(() => this.#lost())]
    void this.#connect()
  }

  async request(request: TransportRequest): Promise<unknown> {
    if (request.signal?.aborted) throw new ContractError('cancelled')
    const port = this.#port ?? (await this.#waitForPort(request.signal))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        if (!this.#pending.has(id)) return
        this.#post(port, { type: 'cancel', id })
        settle(() => reject(new ContractError('cancelled')))
      }
      const settle = (finish: () => void): void => {
        this.#pending.delete(id)
        request.signal?.removeEventListener('abort', abort)
        finish()
      }
      this.#pending.set(id, {
        onEvent: request.onEvent,
        resolve: (value) => settle(() => resolve(value)),
        reject: (error) => settle(() => reject(error)),
      })
      request.signal?.addEventListener('abort', abort)
      this.#post(port, { type: 'request', id, method: request.method, input: request.input, token: request.token, language: request.language })
    })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    for (const stop of this.#stopListening) stop()
    this.#options.host.removeEventListener('message', this.#receivePort)
    this.#drop()
    for (const waiting of [...this.#waiting]) waiting.reject(new ContractError('backend_lost'))
  }

  #post(port: MessagePort, message: ClientMessage): void {
    port.postMessage(message)
  }

  /** Asks the shell for a port; asks again with growing pauses when it has none, or when none has come. */
  async #connect(): Promise<void> {
    if (this.#closed || this.#port || this.#connecting) return
    this.#connecting = true
    clearTimeout(this.#retry)
    const result = await this.#ask()
    this.#connecting = false
    if (this.#closed || this.#port) return
    if (!result.ok) this.#options.onConnection(result.code === 'disk_failed' ? 'disk_failed' : 'lost')
    this.#retry = setTimeout(() => void this.#connect(), this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, this.#options.longestPauseMs)
  }

  async #ask(): Promise<ConnectResult> {
    try {
      return await this.#options.bridge.connect()
    } catch {
      // The shell could not be asked at all: the same as no service.
      return { ok: false, code: 'backend_lost' }
    }
  }

  /** The shell knows first that the service is gone or waits for a disk, and before any pause is over that it is back. */
  readonly #serviceChanged = (state: ServiceState): void => {
    if (state !== 'ready') this.#lost()
    if (state === 'disk_failed') this.#options.onConnection('disk_failed')
    if (state !== 'ready' || this.#port) return
    this.#pauseMs = this.#options.firstPauseMs
    void this.#connect()
  }

  #waitForPort(signal: AbortSignal | undefined): Promise<MessagePort> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer)
        this.#waiting.delete(waiting)
        signal?.removeEventListener('abort', abort)
        finish()
      }
      const waiting: Waiting = {
        resolve: (port) => settle(() => resolve(port)),
        reject: (error) => settle(() => reject(error)),
      }
      const abort = (): void => waiting.reject(new ContractError('cancelled'))
      const timer = setTimeout(() => waiting.reject(new ContractError('backend_lost')), this.#options.waitMs)
      signal?.addEventListener('abort', abort)
      this.#waiting.add(waiting)
    })
  }

  /** Only this window's own script (the preload) can post with this window as source; any other frame is not listened to. */
  readonly #receivePort = (event: Event): void => {
    const { data, origin, source, ports } = event as MessageEvent<unknown>
    if (source !== (this.#options.host as unknown) || origin !== this.#options.host.location.origin) return
    if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== 'carechat:port') return
    const port = ports[0]
    if (!port || this.#closed) return
    this.#drop()
    clearTimeout(this.#retry)
    this.#port = port
    this.#pauseMs = this.#options.firstPauseMs
    port.addEventListener('message', (message) => this.#receive(port, message.data as ServerMessage))
    port.addEventListener('messageerror', () => this.#closedByOther(port))
    port.addEventListener('close', () => this.#closedByOther(port))
    port.start()
    this.#options.onConnection('connected')
    for (const waiting of [...this.#waiting]) waiting.resolve(port)
  }

  #receive(port: MessagePort, message: ServerMessage): void {
    if (port !== this.#port) return
    const pending = this.#pending.get(message.id)
    if (!pending) return
    if (message.type === 'event') pending.onEvent?.(message.event)
    else if (message.type === 'result') pending.resolve(message.value)
    else pending.reject(fromErrorBody(message.error))
  }

  #closedByOther(port: MessagePort): void {
    if (port === this.#port) this.#lost()
  }

  /** The port is closed, or leads nowhere: not every engine says so with an event. */
  #lost(): void {
    if (!this.#port || this.#closed) return
    this.#drop()
    this.#options.onConnection('lost')
    void this.#connect()
  }

  #drop(): void {
    this.#port?.close()
    this.#port = null
    for (const pending of [...this.#pending.values()]) pending.reject(new ContractError('backend_lost'))
  }
}

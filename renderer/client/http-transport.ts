import type { Transport, TransportRequest } from '../../shared/contract/client.js'
import { methods, type MethodName } from '../../shared/contract/contract.js'
import { ContractError, errorBody, fromErrorBody } from '../../shared/contract/errors.js'
import type { FileField } from '../../shared/contract/method.js'
import type { ConnectionStatus } from './connection.js'
import { readServerSentEvents } from './server-sent-events.js'

export interface HttpTransportOptions {
  /** Where the service listens, without a slash at the end; empty for this page's own origin. */
  baseUrl: string
  onConnection: (status: ConnectionStatus) => void
}

/** Moves requests by `POST /rpc/<domain.method>`; events of a stream come as server-sent events. */
export class HttpTransport implements Transport {
  readonly #options: HttpTransportOptions
  readonly #closing = new AbortController()

  constructor(options: HttpTransportOptions) {
    this.#options = options
  }

  async request(request: TransportRequest): Promise<unknown> {
    const signal = request.signal ? AbortSignal.any([request.signal, this.#closing.signal]) : this.#closing.signal
    if (signal.aborted) throw new ContractError('cancelled')
    const definition = methods.get(request.method as MethodName)
    const streaming = definition?.kind === 'stream'
    const form = definition?.file ? toForm(request.input, definition.file) : null
    try {
      const response = await fetch(`${this.#options.baseUrl}/rpc/${request.method}`, {
        method: 'POST',
        headers: {
          // A form brings its own type, with the boundary of its parts.
          ...(form ? {} : { 'Content-Type': 'application/json' }),
          'Accept-Language': request.language,
          Accept: streaming ? 'text/event-stream' : 'application/json',
          ...(request.token === null ? {} : { Authorization: `Bearer ${request.token}` }),
        },
        body: form ?? JSON.stringify(request.input ?? {}),
        cache: 'no-store',
        credentials: 'omit',
        signal,
      })
      const eventStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
      const value = eventStream && response.body ? await this.#readStream(response.body, request) : await this.#readJson(response)
      this.#options.onConnection('connected')
      return value
    } catch (error) {
      if (signal.aborted) throw new ContractError('cancelled')
      if (error instanceof ContractError) {
        this.#options.onConnection(error.code === 'backend_lost' ? 'lost' : 'connected')
        throw error
      }
      this.#options.onConnection('lost')
      throw new ContractError('backend_lost', { cause: error })
    }
  }

  close(): void {
    this.#closing.abort()
  }

  async #readJson(response: Response): Promise<unknown> {
    const text = await response.text()
    if (response.ok) return text === '' ? {} : JSON.parse(text)
    throw this.#error(text)
  }

  async #readStream(body: ReadableStream<Uint8Array>, request: TransportRequest): Promise<unknown> {
    for await (const { event, data } of readServerSentEvents(body)) {
      if (event === 'event') request.onEvent?.(JSON.parse(data))
      else if (event === 'result') return JSON.parse(data)
      else if (event === 'error') throw this.#error(data)
    }
    throw new ContractError('backend_lost')
  }

  /** An answer that is not the service's own (a proxy's page, a cut body) means that the service was not reached. */
  #error(text: string): ContractError {
    try {
      return fromErrorBody(errorBody.parse(JSON.parse(text)))
    } catch (cause) {
      return new ContractError('backend_lost', { cause })
    }
  }
}

/** The input with a file as a form; null when there are no bytes in it, for the service to refuse. */
function toForm(input: unknown, { field, nameField }: FileField): FormData | null {
  const { [field]: bytes, [nameField]: name, ...rest } = input as Record<string, unknown>
  if (!(bytes instanceof Uint8Array)) return null
  const form = new FormData()
  for (const [key, value] of Object.entries(rest)) if (value !== undefined) form.append(key, typeof value === 'string' ? value : JSON.stringify(value))
  // The name goes as a field of its own: a form's file name loses some characters on its way.
  form.append(nameField, String(name))
  form.append(field, new Blob([bytes as Uint8Array<ArrayBuffer>]), 'file')
  return form
}

/**
 * The one way in: every request of every transport passes here, in this order: method, size, token, role, rate, schema, handler, time, errors.
 */
import { randomUUID } from 'node:crypto'
import { maximumRequestBytes, type Language } from '../../../shared/contract/common.js'
import { methods, type MethodName } from '../../../shared/contract/contract.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { Method } from '../../../shared/contract/method.js'
import type { Logger } from '../logging/logger.js'
import { assertStorable } from './assert-storable.js'
import { requestContext, type Caller, type Handlers, type RequestContext } from './handlers.js'
import type { RateLimiter } from './rate-limiter.js'
import { validationError } from './validation-error.js'

/** Derives the caller from an access token. Throws `token_expired` or `unauthenticated`. */
export type VerifyToken = (token: string) => Promise<Caller>

export interface RouterRequest {
  method: string
  input: unknown
  token: string | null
  language: Language
  /** Names the connection, for the rate limit of people who are not signed in. */
  connection: string
  signal?: AbortSignal
  onEvent?: (event: unknown) => void
}

const defaultTimeoutMs = 30_000

export class Router {
  readonly #handlers: Handlers
  readonly #verifyToken: VerifyToken
  readonly #rateLimiter: RateLimiter
  readonly #logger: Logger

  constructor(parts: { handlers: Handlers; verifyToken: VerifyToken; rateLimiter: RateLimiter; logger: Logger }) {
    this.#handlers = parts.handlers
    this.#verifyToken = parts.verifyToken
    this.#rateLimiter = parts.rateLimiter
    this.#logger = parts.logger
  }

  /** The caller behind a token, or null without one; for transports that must check a path against the caller. */
  async identify(token: string | null): Promise<Caller | null> {
    return token === null ? null : this.#verifyToken(token)
  }

  /** Answers one request. Rejects with ContractError only; everything else was logged and became `internal`. */
  async handle(request: RouterRequest): Promise<unknown> {
    const startedAt = performance.now()
    const requestId = randomUUID()
    const known = methods.has(request.method as MethodName)
    try {
      const value = await this.#dispatch(request)
      this.#logger.debug({ requestId, method: request.method, durationMs: Math.round(performance.now() - startedAt) }, 'request')
      return value
    } catch (error) {
      const failure = toContractError(error, request.signal)
      // An unknown name is the caller's text and may be anything.
      const entry = { requestId, method: known ? request.method : '(unknown)', code: failure.code, durationMs: Math.round(performance.now() - startedAt) }
      if (failure.code === 'internal') this.#logger.error({ ...entry, err: error }, 'request failed')
      else this.#logger.info(entry, 'request refused')
      throw failure
    }
  }

  async #dispatch(request: RouterRequest): Promise<unknown> {
    const definition = methods.get(request.method as MethodName)
    if (!definition) throw new ContractError('unknown_method')
    const { rest } = separateFile(definition, request.input)
    assertSize(rest)
    const caller = await this.#authorise(definition, request.token)
    const wait = this.#rateLimiter.take(caller?.userId ?? request.connection, definition.rate)
    if (wait > 0) throw new ContractError('rate_limited', { retryAfterS: wait })
    assertStorable(rest)
    const parsed = definition.input.safeParse(request.input ?? {}, { reportInput: true })
    if (!parsed.success) throw validationError(parsed.error)
    const [domain, key] = request.method.split('.') as [keyof Handlers, string]
    const handler = (this.#handlers[domain] as unknown as Record<string, (input: unknown, context: RequestContext<unknown>) => Promise<unknown>>)[key]
    if (!handler) throw new ContractError('unknown_method')
    return withinTime(definition, request.signal, (signal) =>
      handler(parsed.data, requestContext({ caller, language: request.language, signal, emit: (event: unknown) => request.onEvent?.(event) })),
    )
  }

  async #authorise(definition: Method, token: string | null): Promise<Caller | null> {
    if (definition.access === 'anyone') {
      // A stale token must not keep anybody from signing in.
      return token === null ? null : this.#verifyToken(token).catch(() => null)
    }
    if (token === null) throw new ContractError('unauthenticated')
    const caller = await this.#verifyToken(token)
    if (!definition.access.includes(caller.role)) throw new ContractError('forbidden')
    return caller
  }
}

/** A file's bytes have a limit of their own and are no JSON: what is left is looked at like every other input. Throws the method's error for a file that is too large. */
function separateFile({ file }: Method, input: unknown): { rest: unknown } {
  if (!file || typeof input !== 'object' || input === null) return { rest: input }
  const { [file.field]: bytes, ...rest } = input as Record<string, unknown>
  if (!(bytes instanceof Uint8Array)) return { rest: input }
  if (bytes.byteLength > file.maximumBytes) throw new ContractError(file.tooLarge)
  return { rest }
}

/** A request's size is its JSON's, in bytes, whichever transport brought it. */
function assertSize(input: unknown): void {
  let bytes: number
  try {
    bytes = Buffer.byteLength(JSON.stringify(input) ?? '')
  } catch (error) {
    throw new ContractError('malformed_request', { cause: error })
  }
  if (bytes > maximumRequestBytes) throw new ContractError('too_large')
}

async function withinTime<Result>(definition: Method, cancelled: AbortSignal | undefined, run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController()
  const cancel = (): void => controller.abort(new ContractError('cancelled'))
  if (cancelled?.aborted) cancel()
  cancelled?.addEventListener('abort', cancel, { once: true })
  // A stream lasts as long as its provider gives words, which has limits of its own.
  const limitMs = definition.kind === 'stream' ? null : (definition.timeoutMs ?? defaultTimeoutMs)
  let timer: NodeJS.Timeout | undefined
  try {
    if (limitMs === null) return await run(controller.signal)
    return await Promise.race([
      run(controller.signal),
      new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          const timedOut = new ContractError('timed_out')
          controller.abort(timedOut)
          reject(timedOut)
        }, limitMs)
      }),
    ])
  } finally {
    clearTimeout(timer)
    cancelled?.removeEventListener('abort', cancel)
  }
}

function toContractError(error: unknown, signal: AbortSignal | undefined): ContractError {
  if (error instanceof ContractError) return error
  if (signal?.aborted) return new ContractError('cancelled', { cause: error })
  return new ContractError('internal', { cause: error })
}

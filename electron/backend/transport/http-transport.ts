/**
 * The contract over HTTP on loopback: every method at POST /rpc/<name>, and the source documents' own paths as bindings.
 * A stream is server-sent events where the caller accepts them, its result alone where not.
 */
import fs from 'node:fs'
import path from 'node:path'
import multipart from '@fastify/multipart'
import fastifyStatic from '@fastify/static'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { maximumRequestBytes, type Language } from '../../../shared/contract/common.js'
import { methods, type MethodName } from '../../../shared/contract/contract.js'
import { ContractError, toErrorBody } from '../../../shared/contract/errors.js'
import type { FileField, HttpBinding } from '../../../shared/contract/method.js'
import { openApiDocument } from './open-api.js'
import { readForm } from './read-form.js'
import type { Router } from './router.js'

export interface HttpTransportOptions {
  router: Router
  version: string
  /** The built renderer, or null to serve the contract alone. */
  rendererFolder: string | null
}

/** The page makes no call but to its own origin, and runs no script but its own. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

/** Builds the server; the caller listens and closes. */
export function createHttpTransport({ router, version, rendererFolder }: HttpTransportOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: maximumRequestBytes,
    routerOptions: { ignoreTrailingSlash: true },
    forceCloseConnections: true,
    // An address that cannot be decoded never reaches the error handler.
    frameworkErrors: (error, request, reply) => void sendError(reply, request, toContractError(error)),
  })

  server.addHook('onRequest', async (request) => {
    // A page of another site that points its name at 127.0.0.1 still sends its own name (DNS rebinding).
    if (!loopbackHost.test(request.headers.host ?? '')) throw new ContractError('forbidden')
    const { origin } = request.headers
    if (origin !== undefined && origin !== `http://${request.headers.host}`) throw new ContractError('forbidden')
  })
  server.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Content-Security-Policy': contentSecurityPolicy })
  })
  server.setErrorHandler((error, request, reply) => sendError(reply, request, toContractError(error)))
  server.setNotFoundHandler((request, reply) => sendError(reply, request, new ContractError('not_found')))

  void server.register(multipart)

  server.get('/openapi.json', async () => openApiDocument(version))
  server.post<{ Params: { method: string } }>('/rpc/:method', async (request, reply) => {
    const body = await readBody(router, request, methods.get(request.params.method as MethodName)?.file)
    return answer(router, request.params.method, body, request, reply, undefined)
  })

  if (rendererFolder !== null && fs.existsSync(rendererFolder)) {
    void server.register(fastifyStatic, { root: rendererFolder, index: false, wildcard: true, prefix: '/', decorateReply: true })
  }
  const page = rendererFolder !== null && fs.existsSync(path.join(rendererFolder, 'index.html')) ? 'index.html' : null

  for (const [name, definition] of methods) {
    for (const binding of definition.http ?? []) {
      server.route({
        method: binding.method,
        url: binding.path.replaceAll(/\{(\w+)\}/g, ':$1'),
        handler: async (request, reply) => {
          // The address itself is a page for a browser and a welcome line for a program.
          if (binding.path === '/' && page !== null && request.headers.accept?.includes('text/html')) return reply.sendFile(page)
          const input = await readInput(router, binding, definition.file, request)
          return answer(router, name, input, request, reply, binding.respondWith)
        },
      })
    }
  }
  return server
}

/** The body of a request: JSON, or a form with a file where the method takes one. The token is checked first, for a form may be large. */
async function readBody(router: Router, request: FastifyRequest, file: FileField | undefined): Promise<unknown> {
  if (!request.isMultipart()) return request.body ?? {}
  if (!file) throw new ContractError('malformed_request')
  if (!(await router.identify(bearerToken(request)))) throw new ContractError('unauthenticated')
  return readForm(request, file)
}

/** Path, query and body as the method's input. Throws `forbidden` when a field names somebody else than the caller. */
async function readInput(router: Router, binding: HttpBinding, file: FileField | undefined, request: FastifyRequest): Promise<Record<string, unknown>> {
  const body = await readBody(router, request, file)
  if (typeof body !== 'object' || Array.isArray(body)) throw new ContractError('malformed_request')
  const fields = new Map<string, unknown>(Object.entries({ ...(request.query as object), ...body, ...(request.params as object) }))
  for (const field of binding.callerFields ?? []) {
    const claimed = fields.get(field)
    fields.delete(field)
    if (claimed === undefined || claimed === null) continue
    const caller = await router.identify(bearerToken(request))
    if (!caller) throw new ContractError('unauthenticated')
    if (claimed !== caller.userId) throw new ContractError('forbidden')
  }
  for (const field of binding.numericFields ?? []) {
    const value = fields.get(field)
    // What is no number stays as it is, for the schema to refuse.
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) fields.set(field, Number(value))
  }
  for (const field of binding.booleanFields ?? []) {
    const value = fields.get(field)
    if (value === 'true' || value === 'false') fields.set(field, value === 'true')
  }
  for (const [theirs, ours] of Object.entries(binding.renamedFields ?? {})) {
    if (!fields.has(theirs)) continue
    fields.set(ours, fields.get(theirs))
    fields.delete(theirs)
  }
  return Object.fromEntries(fields)
}

async function answer(router: Router, method: string, input: unknown, request: FastifyRequest, reply: FastifyReply, respondWith: string | undefined): Promise<unknown> {
  const disconnected = new AbortController()
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) disconnected.abort()
  })
  const streams = methods.get(method as MethodName)?.kind === 'stream' && request.headers.accept?.includes('text/event-stream') === true
  const call = {
    method,
    input,
    token: bearerToken(request),
    language: requestLanguage(request),
    connection: `http:${request.ip}`,
    signal: disconnected.signal,
  }
  if (!streams) {
    const value = await router.handle(call)
    return respondWith === undefined ? value : (value as Record<string, unknown>)[respondWith]
  }
  let open = false
  const write = (event: string, data: unknown): void => {
    if (!open) {
      open = true
      reply.hijack()
      reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    }
    if (!reply.raw.writableEnded) reply.raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  try {
    write('result', await router.handle({ ...call, onEvent: (event) => write('event', event) }))
  } catch (error) {
    const failure = toContractError(error)
    // Before the first event it is an ordinary answer with its status.
    if (!open) throw failure
    write('error', toErrorBody(failure, call.language, new Date()))
  }
  reply.raw.end()
  return reply
}

function bearerToken(request: FastifyRequest): string | null {
  return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}

function requestLanguage(request: FastifyRequest): Language {
  return /^\s*fr\b/i.test(request.headers['accept-language'] ?? '') ? 'fr' : 'en'
}

function sendError(reply: FastifyReply, request: FastifyRequest, error: ContractError): FastifyReply {
  if (error.retryAfterS !== undefined) reply.header('Retry-After', String(error.retryAfterS))
  if (error.status === 401) reply.header('WWW-Authenticate', 'Bearer')
  return reply.status(error.status).send(toErrorBody(error, requestLanguage(request), new Date()))
}

function toContractError(error: unknown): ContractError {
  if (error instanceof ContractError) return error
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ContractError('too_large', { cause: error })
  if (statusCode === 404) return new ContractError('not_found', { cause: error })
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? new ContractError('malformed_request', { cause: error }) : new ContractError('internal', { cause: error })
}

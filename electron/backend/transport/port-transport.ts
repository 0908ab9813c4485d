/** Serves the contract on one message port, which main bound to one frame of one window. */
import { languages, type Language } from '../../../shared/contract/common.js'
import { methods, type MethodName } from '../../../shared/contract/contract.js'
import { ContractError, toErrorBody } from '../../../shared/contract/errors.js'
import type { ClientMessage, ServerMessage } from '../../../shared/contract/messages.js'
import type { Router } from './router.js'

/** A message port, Electron's or Node's. */
export interface Port {
  send(message: ServerMessage): void
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
  close(): void
}

/**
 * Answers the port's requests until it closes. An answer that is being written when the port closes is finished and kept:
 * a reload must not cost the person the answer; only an explicit `cancel` stops it.
 */
export function servePort(port: Port, router: Router, connection: string): void {
  const inFlight = new Map<number, AbortController>()
  /** What is for this connection's listener alone. */
  const forListener = new Set<AbortController>()
  let open = true
  const send = (message: ServerMessage): void => {
    if (open) port.send(message)
  }
  port.onClose(() => {
    open = false
    inFlight.clear()
    for (const controller of forListener) controller.abort()
  })
  port.onMessage((received) => {
    const message = readMessage(received)
    if (!message) return
    if (message.type === 'cancel') {
      inFlight.get(message.id)?.abort()
      return
    }
    const { id } = message
    const controller = new AbortController()
    inFlight.set(id, controller)
    if (methods.get(message.method as MethodName)?.endsWithConnection === true) forListener.add(controller)
    router
      .handle({
        method: message.method,
        input: message.input,
        token: message.token,
        language: message.language,
        connection,
        signal: controller.signal,
        onEvent: (event) => send({ type: 'event', id, event }),
      })
      .then(
        (value) => send({ type: 'result', id, value }),
        (error: unknown) =>
          send({ type: 'error', id, error: toErrorBody(error instanceof ContractError ? error : new ContractError('internal'), message.language, new Date()) }),
      )
      .finally(() => {
        inFlight.delete(id)
        forListener.delete(controller)
      })
  })
}

/** What comes over a port is checked like any other input; a message without an id cannot even be answered. */
function readMessage(received: unknown): ClientMessage | null {
  if (typeof received !== 'object' || received === null) return null
  const { type, id, method, input, token, language } = received as Record<string, unknown>
  if (typeof id !== 'number') return null
  if (type === 'cancel') return { type, id }
  if (type !== 'request') return null
  return {
    type,
    id,
    method: typeof method === 'string' ? method : '',
    input,
    token: typeof token === 'string' ? token : null,
    language: languages.includes(language as Language) ? (language as Language) : 'en',
  }
}

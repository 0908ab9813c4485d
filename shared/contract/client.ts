/**
 * The typed client, generated from the contract: `client.accounts.signIn({...})`, `client.chat.send({...}, { onEvent, signal })`.
 * It knows no method by name and no transport; a transport moves one request.
 */
import { contract, type Contract } from './contract.js'
import type { Language } from './common.js'
import { ContractError } from './errors.js'
import type { CallMethod, Method, StreamMethod } from './method.js'
import type { z } from 'zod'

/** One request on a transport. */
export interface TransportRequest {
  method: string
  input: unknown
  token: string | null
  language: Language
  /** Called for each event of a stream. */
  onEvent?: (event: unknown) => void
  signal?: AbortSignal
}

/** Moves requests; rejects with ContractError only. `backend_lost` means that it is not known whether the request took effect. */
export interface Transport {
  request(request: TransportRequest): Promise<unknown>
  close(): void
}

export interface StreamOptions<Event> {
  onEvent?: (event: Event) => void
  signal?: AbortSignal
}

type ClientMethod<Definition> =
  Definition extends StreamMethod<infer Input, infer Event, infer Output>
    ? (input: z.input<Input>, options?: StreamOptions<z.output<Event>>) => Promise<z.output<Output>>
    : Definition extends CallMethod<infer Input, infer Output>
      ? (input: z.input<Input>, options?: { signal?: AbortSignal }) => Promise<z.output<Output>>
      : never

export type Client = { [Domain in keyof Contract]: { [Key in keyof Contract[Domain]]: ClientMethod<Contract[Domain][Key]> } }

/** Where the client finds the caller's token and language, and how it gets a new token when one has expired. */
export interface ClientSession {
  accessToken(): string | null
  language(): Language
  /** Renews the access token; false when the person has to sign in again. */
  renew(): Promise<boolean>
}

/** Builds the client. A call that was refused for an expired token is renewed and repeated once; a lost safe call is repeated once. */
export function createClient(transport: Transport, session: ClientSession): Client {
  const invoke = async (name: string, definition: Method, input: unknown, options: StreamOptions<unknown> = {}): Promise<unknown> => {
    const attempt = (): Promise<unknown> =>
      transport.request({ method: name, input, token: session.accessToken(), language: session.language(), ...options })
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      if (error.code === 'token_expired' && name !== 'accounts.refresh' && (await session.renew())) return attempt()
      if (error.code === 'backend_lost' && definition.safe && !options.signal?.aborted) return attempt()
      throw error
    }
  }
  const client: Record<string, Record<string, unknown>> = {}
  for (const [domain, definitions] of Object.entries(contract)) {
    const room: Record<string, unknown> = {}
    for (const [key, definition] of Object.entries(definitions)) {
      room[key] = (input: unknown, options?: StreamOptions<unknown>) => invoke(`${domain}.${key}`, definition as Method, input, options)
    }
    client[domain] = room
  }
  return client as unknown as Client
}

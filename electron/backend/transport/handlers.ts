/** The shape of a domain's handlers: one function a method, typed by the contract. */
import type { Language } from '../../../shared/contract/common.js'
import type { Contract, EventOf, MethodName, OutputOf, ParsedInputOf } from '../../../shared/contract/contract.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { Role } from '../../../shared/contract/method.js'

/** Who calls, as the access token says; derived in the router, never taken from an input. */
export interface Caller {
  userId: string
  role: Role
  sessionId: string
}

export interface RequestContext<Event = never> {
  /** Null when nobody is signed in. */
  readonly caller: Caller | null
  /** The caller where the contract demands one. Throws `unauthenticated` otherwise. */
  readonly person: Caller
  /** Language of the window or the request. */
  readonly language: Language
  /** Aborted when the caller cancels or the time is up. */
  readonly signal: AbortSignal
  /** Sends one event of a stream. */
  emit(event: Event): void
}

export type Handler<Name extends MethodName> = (input: ParsedInputOf<Name>, context: RequestContext<EventOf<Name>>) => Promise<OutputOf<Name>>

export type DomainHandlers<Domain extends keyof Contract> = {
  [Key in keyof Contract[Domain] & string]: `${Domain}.${Key}` extends infer Name extends MethodName ? Handler<Name> : never
}

/** Handlers of the whole contract. */
export type Handlers = { [Domain in keyof Contract]: DomainHandlers<Domain> }

/** Makes the context that a handler sees. */
export function requestContext<Event>(parts: Omit<RequestContext<Event>, 'person'>): RequestContext<Event> {
  return {
    ...parts,
    get person(): Caller {
      if (!parts.caller) throw new ContractError('unauthenticated')
      return parts.caller
    },
  }
}

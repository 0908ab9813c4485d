/**
 * The vocabulary of the contract: a method is a `call` (one answer) or a `stream` (events, then one result).
 * Every transport, the router and the generated client read these definitions; nothing else lists method names.
 */
import type { z } from 'zod'
import type { ErrorCode } from './errors.js'

/** Who a person is. Sign-up makes patients only; the set-up makes one administrator, who makes nurses and administrators. */
export const roles = ['guest', 'patient', 'nurse', 'admin'] as const
export type Role = (typeof roles)[number]

/** Who may call a method: `anyone` needs no token; otherwise the listed roles. Checked in the router before the input is parsed. */
export type Access = 'anyone' | readonly Role[]

export const signedIn: readonly Role[] = ['guest', 'patient', 'nurse', 'admin']
export const registered: readonly Role[] = ['patient', 'nurse', 'admin']
export const staff: readonly Role[] = ['nurse', 'admin']
export const administrators: readonly Role[] = ['admin']

/**
 * How a call counts against the caller's rate limit.
 * `ask`: the limit of the documents (60 a minute a person by default); `read`: ten times as many; `free`: not counted (health).
 */
export type RateClass = 'ask' | 'read' | 'free'

/** One REST path of the source documents, bound to a method. */
export interface HttpBinding {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with `{name}` parameters, merged with query and body into the method's input. */
  path: string
  /** Fields of the request that name the caller: they must equal the caller's id (403 otherwise) and are removed before validation. */
  callerFields?: readonly string[]
  /** Query parameters that are numbers in the input. */
  numericFields?: readonly string[]
  /** Query parameters that are true or false in the input. */
  booleanFields?: readonly string[]
  /** Fields of the request under another name than in the input, `{ theirs: ours }`. */
  renamedFields?: Readonly<Record<string, string>>
  /** Answer with this field of the output alone. */
  respondWith?: string
}

/** A field of the input that holds a file's bytes: sent as they are over a port, and as a part of a multipart form over HTTP. */
export interface FileField {
  /** The input's field, a Uint8Array. */
  field: string
  /** The input's field with the file's name; over HTTP the name of the part's file. */
  nameField: string
  /** Largest file, in bytes; the rest of the request keeps to the limit of every request. */
  maximumBytes: number
  /** What a larger one is refused with. */
  tooLarge: ErrorCode
}

interface MethodBase<Input extends z.ZodType, Output extends z.ZodType> {
  summary: string
  access: Access
  input: Input
  output: Output
  /** Repeating it changes nothing: the client retries it once after the backend was lost. */
  safe: boolean
  rate: RateClass
  /** Longest time for an answer, in ms; a stream has none (its provider calls have their own). */
  timeoutMs?: number
  /** A stream that is for whoever listens and nobody else: it ends when the connection closes. An answer being written is finished instead. */
  endsWithConnection?: boolean
  http?: readonly HttpBinding[]
  file?: FileField
}

export interface CallMethod<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> extends MethodBase<Input, Output> {
  kind: 'call'
}

export interface StreamMethod<Input extends z.ZodType = z.ZodType, Event extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> extends MethodBase<Input, Output> {
  kind: 'stream'
  event: Event
}

export type Method = CallMethod | StreamMethod

/** Defines a method with one answer. Defaults: not safe to repeat, counted as `ask`. */
export function call<Input extends z.ZodType, Output extends z.ZodType>(
  definition: Omit<CallMethod<Input, Output>, 'kind' | 'safe' | 'rate'> & { safe?: boolean; rate?: RateClass },
): CallMethod<Input, Output> {
  return { kind: 'call', safe: false, rate: 'ask', ...definition }
}

/** Defines a method that sends events before its one result, and can be cancelled. */
export function stream<Input extends z.ZodType, Event extends z.ZodType, Output extends z.ZodType>(
  definition: Omit<StreamMethod<Input, Event, Output>, 'kind' | 'safe' | 'rate'> & { rate?: RateClass },
): StreamMethod<Input, Event, Output> {
  return { kind: 'stream', safe: false, rate: 'ask', ...definition }
}

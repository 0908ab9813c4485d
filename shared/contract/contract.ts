/** The whole contract: every domain's methods, joined. Method names on the wire are `domain.method`. */
import type { z } from 'zod'
import { accounts } from './accounts.js'
import { chat } from './chat.js'
import { consent } from './consent.js'
import { conversations } from './conversations.js'
import { documents } from './documents.js'
import { feedback } from './feedback.js'
import { knowledge } from './knowledge.js'
import { memory } from './memory.js'
import type { CallMethod, Method, StreamMethod } from './method.js'
import { providers } from './providers.js'
import { rag } from './rag.js'
import { settings } from './settings.js'
import { system } from './system.js'
import { voice } from './voice.js'

export const contract = { system, accounts, conversations, chat, knowledge, providers, settings, feedback, memory, documents, rag, consent, voice }
export type Contract = typeof contract

type Names<Domain extends keyof Contract> = `${Domain & string}.${keyof Contract[Domain] & string}`
export type MethodName = { [Domain in keyof Contract]: Names<Domain> }[keyof Contract]

type DefinitionOf<Name extends MethodName> = Name extends `${infer Domain extends keyof Contract & string}.${infer Key}`
  ? Key extends keyof Contract[Domain] ? Contract[Domain][Key] : never
  : never

/** What a caller may pass: before defaults. */
export type InputOf<Name extends MethodName> = DefinitionOf<Name> extends { input: infer Input extends z.ZodType } ? z.input<Input> : never
/** What a handler receives: parsed, with defaults. */
export type ParsedInputOf<Name extends MethodName> = DefinitionOf<Name> extends { input: infer Input extends z.ZodType } ? z.output<Input> : never
export type OutputOf<Name extends MethodName> = DefinitionOf<Name> extends { output: infer Output extends z.ZodType } ? z.output<Output> : never
export type EventOf<Name extends MethodName> = DefinitionOf<Name> extends StreamMethod<infer _I, infer Event, infer _O> ? z.output<Event> : never
export type CallName = { [Name in MethodName]: DefinitionOf<Name> extends CallMethod ? Name : never }[MethodName]
export type StreamName = Exclude<MethodName, CallName>

/** Every method by its wire name. */
export const methods: ReadonlyMap<MethodName, Method> = new Map(
  Object.entries(contract).flatMap(([domain, definitions]) =>
    Object.entries(definitions).map(([key, definition]) => [`${domain}.${key}` as MethodName, definition as Method] as const),
  ),
)

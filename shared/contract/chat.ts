/** Asking: the streamed question and answer. */
import { z } from 'zod'
import { empty, language, maximumMessageLength, providerName, timestamp, uuid } from './common.js'
import { chatMessage, conversation, outputFailure, retrievalStrategy, searchResult, triageFinding } from './conversations.js'
import { call, signedIn, stream } from './method.js'

export const answerPreferences = z.object({
  provider: providerName.nullish(),
  model: z.string().trim().min(1).max(120).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  use_rag: z.boolean().default(true),
  strategy: retrievalStrategy.default('rrf_fusion'),
  top_k: z.number().int().min(1).max(20).default(3),
  /** Least nearness of a passage, 0 to 1. */
  threshold: z.number().min(0).max(1).optional(),
  /** Answer from these documents alone; without it from everything that the caller may read. */
  document_ids: z.array(z.string().min(1).max(200)).min(1).max(50).optional(),
})

/**
 * What happens while an answer is made, in this order: `accepted` once (the question is on the disk), `triage` when a rule fired,
 * `sources` when passages were found, then for each attempt `started`, `delta`…, `final`. A provider that is cut after its first words leaves a
 * `final` message in state `partial`; the next provider then starts a message of its own.
 */
export const chatEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('accepted'), conversation, user_message: chatMessage }),
  z.object({ type: z.literal('triage'), finding: triageFinding }),
  z.object({ type: z.literal('sources'), sources: z.array(searchResult) }),
  z.object({ type: z.literal('started'), message_id: uuid, provider: providerName.nullable(), model: z.string().nullable() }),
  z.object({ type: z.literal('delta'), message_id: uuid, text: z.string() }),
  /** The model's answer did not pass the output check: what was shown of it is taken back, and the passages answer in the same message. */
  z.object({ type: z.literal('withheld'), message_id: uuid, reasons: z.array(outputFailure) }),
  z.object({ type: z.literal('fallback'), from: providerName, to: providerName.nullable(), reason: z.string() }),
  z.object({ type: z.literal('final'), message: chatMessage }),
])
export type ChatEvent = z.infer<typeof chatEvent>

/**
 * Where an answer from the passages stands on its way to being completed by a model: `waiting` for the person's tap, `queued` until a provider
 * answers, `completed`, or `given_up` for a reason that can be shown.
 */
export const completionStates = ['waiting', 'queued', 'completed', 'given_up'] as const
export const completionReasons = ['no_consent', 'refused', 'withheld', 'too_old', 'changed'] as const
export const completion = z.object({
  /** The answer from the passages. */
  message_id: uuid,
  conversation_id: uuid,
  state: z.enum(completionStates),
  /** Attempts that a provider answered without an answer that could be used. */
  attempts: z.number().int(),
  next_try_at: timestamp.nullable(),
  reason: z.enum(completionReasons).nullable(),
})
export type Completion = z.infer<typeof completion>

/** What changes in a person's conversations without their asking: see `chat.watch`. */
export const chatChange = z.discriminatedUnion('type', [
  /** Sent once when the watching begins: from here on nothing is missed. */
  z.object({ type: z.literal('watching') }),
  z.object({ type: z.literal('completion'), completion }),
  /** A model has completed an answer: `message` stands where the message `replaces` stood. */
  z.object({ type: z.literal('completed'), conversation, message: chatMessage, replaces: uuid }),
])
export type ChatChange = z.infer<typeof chatChange>

/** Document A's ChatResponse. */
export const chatResponse = z.object({
  conversation_id: uuid,
  user_message: chatMessage,
  assistant_message: chatMessage,
})
export type ChatResponse = z.infer<typeof chatResponse>

const question = z.string().trim().min(1).max(maximumMessageLength)

export const chat = {
  send: stream({
    summary: 'Ask; the answer streams and is kept',
    access: signedIn,
    input: answerPreferences.extend({
      message: question,
      conversation_id: uuid.nullish(),
      /** Made by the client: a repeat of the same id does not store the question twice. */
      client_message_id: uuid.optional(),
      language: language.optional(),
    }),
    event: chatEvent,
    output: chatResponse,
    http: [{ method: 'POST', path: '/chat/', callerFields: ['user_id'] }],
  }),
  regenerate: stream({
    summary: 'Another answer to the same question; the earlier one is kept as a version',
    access: signedIn,
    input: answerPreferences.extend({ message_id: uuid }),
    event: chatEvent,
    output: chatResponse,
  }),
  edit: stream({
    summary: 'Change a question and ask again; the earlier question and its answers are kept as versions',
    access: signedIn,
    input: answerPreferences.extend({ message_id: uuid, message: question }),
    event: chatEvent,
    output: chatResponse,
  }),
  watch: stream({
    summary: 'What changes in the caller’s conversations by itself; ends after ten minutes, when it is asked again',
    access: signedIn,
    input: empty,
    event: chatChange,
    output: empty,
    rate: 'read',
    endsWithConnection: true,
  }),
  completions: call({
    summary: 'The answers of a conversation that wait for a model to complete them',
    access: signedIn,
    input: z.object({ conversation_id: uuid }),
    output: z.object({ completions: z.array(completion) }),
    safe: true,
    rate: 'read',
  }),
  complete: call({
    summary: 'Let a model complete an answer that was made from the passages, as soon as one answers',
    access: signedIn,
    input: z.object({ message_id: uuid }),
    output: completion,
  }),
  stop: call({
    summary: 'Stop the answer being written in a conversation; what was written is kept',
    access: signedIn,
    input: z.object({ conversation_id: uuid }),
    output: z.object({ stopped: z.boolean() }),
    rate: 'free',
  }),
}

/** Asking: the streamed question and answer. */
import { z } from 'zod'
import { language, maximumMessageLength, providerName, uuid } from './common.js'
import { chatMessage, conversation, retrievalStrategy, searchResult, triageFinding } from './conversations.js'
import { call, signedIn, stream } from './method.js'

export const answerPreferences = z.object({
  provider: providerName.nullish(),
  model: z.string().trim().min(1).max(120).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  use_rag: z.boolean().default(true),
  strategy: retrievalStrategy.default('rrf_fusion'),
  top_k: z.number().int().min(1).max(20).default(3),
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
  z.object({ type: z.literal('fallback'), from: providerName, to: providerName.nullable(), reason: z.string() }),
  z.object({ type: z.literal('final'), message: chatMessage }),
])
export type ChatEvent = z.infer<typeof chatEvent>

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
  stop: call({
    summary: 'Stop the answer being written in a conversation; what was written is kept',
    access: signedIn,
    input: z.object({ conversation_id: uuid }),
    output: z.object({ stopped: z.boolean() }),
    rate: 'free',
  }),
}

/** Questions over documents, with document B's paths: over all that the caller may read, or over chosen ones; kept as messages. */
import { z } from 'zod'
import { answerPreferences, chatEvent } from './chat.js'
import { language, maximumMessageLength, uuid } from './common.js'
import { messageState, retrievalStrategy, searchResult } from './conversations.js'
import { signedIn, stream } from './method.js'

const ragQuestion = answerPreferences.omit({ use_rag: true }).extend({
  query: z.string().trim().min(1).max(maximumMessageLength),
  top_k: z.number().int().min(1).max(20).default(10),
  /** False leaves the sources out of the answer; they are kept with the message all the same. */
  include_sources: z.boolean().default(true),
  language: language.optional(),
})

export const ragAnswer = z.object({
  answer: z.string(),
  conversation_id: uuid,
  user_message_id: uuid,
  message_id: uuid,
  state: messageState,
  sources: z.array(searchResult),
  strategy: retrievalStrategy.nullable(),
  cache: z.enum(['hit', 'miss', 'none']),
  model_used: z.string().nullable(),
  processing_time_ms: z.number(),
})
export type RagAnswer = z.infer<typeof ragAnswer>

export const rag = {
  query: stream({
    summary: 'Ask over the documents; begins a conversation of type rag_query',
    access: signedIn,
    input: ragQuestion,
    event: chatEvent,
    output: ragAnswer,
    http: [{ method: 'POST', path: '/rag/query' }],
  }),
  conversationQuery: stream({
    summary: 'Ask over the documents within a conversation',
    access: signedIn,
    input: ragQuestion.extend({ conversation_id: uuid }),
    event: chatEvent,
    output: ragAnswer,
    http: [{ method: 'POST', path: '/rag/conversation/{conversation_id}/query' }],
  }),
}

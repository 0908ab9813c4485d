/** Conversations and their messages. Names are document A's, with B's extra columns. */
import { z } from 'zod'
import { language, providerName, timestamp, uuid } from './common.js'
import { call, signedIn } from './method.js'

export const conversationTypes = ['general', 'rag_query'] as const
export const conversationType = z.enum(conversationTypes)
export type ConversationType = z.infer<typeof conversationType>

/**
 * A message's life: `streaming` while it is written, then one final state, once:
 * `complete`; `partial` (the provider or the power was cut); `stopped` (by the person).
 */
export const messageStates = ['streaming', 'complete', 'partial', 'stopped'] as const
export const messageState = z.enum(messageStates)
export type MessageState = z.infer<typeof messageState>

/** One source of an answer; `start` and `end` are UTF-16 offsets of the passage in the document's text in that language. */
export const searchResult = z.object({
  document_id: z.string(),
  title: z.string(),
  lang: language,
  passage: z.string(),
  score: z.number(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  passage_id: z.string().optional(),
  heading: z.string().optional(),
  /** Page on which the passage begins, from 1, where the document has pages. */
  page: z.number().int().positive().optional(),
  /** False until a clinician has reviewed the document. */
  reviewed: z.boolean().optional(),
})
export type SearchResult = z.infer<typeof searchResult>

export const retrievalStrategies = ['vector', 'keyword', 'rrf_fusion'] as const
export const retrievalStrategy = z.enum(retrievalStrategies)
export type RetrievalStrategy = z.infer<typeof retrievalStrategy>

export const triageLevels = ['emergency', 'urgent', 'routine'] as const
export const triageLevel = z.enum(triageLevels)
export type TriageLevel = z.infer<typeof triageLevel>

/** What triage found: the level, which rule, and the person's own words that fired it. */
export const triageFinding = z.object({
  level: triageLevel,
  rule_id: z.string().nullable(),
  category: z.string().nullable(),
  /** Why, in the asker's language. */
  reason: z.string().nullable(),
  matched: z.array(z.string()),
  /** What to do now, in the asker's language; filled for emergency and urgent. */
  actions: z.array(z.string()),
})
export type TriageFinding = z.infer<typeof triageFinding>

/**
 * `no_consent`: the person has not agreed to online answers; `no_provider`: none is set up or allowed; `unreachable`: none answered;
 * `withheld`: the model's answer did not pass the output check.
 */
export const passagesReasons = ['no_consent', 'no_provider', 'unreachable', 'withheld'] as const

/** What an answer of a model is withheld for: a diagnosis stated, a dose without a passage that holds it, advice against a known allergy or pregnancy. */
export const outputFailures = ['diagnosis', 'uncited_dose', 'allergy', 'pregnancy'] as const
export const outputFailure = z.enum(outputFailures)
export type OutputFailure = z.infer<typeof outputFailure>

export const messageMetadata = z.looseObject({
  search_results: z.array(searchResult).optional(),
  strategy: retrievalStrategy.nullish(),
  processing_time_ms: z.number().optional(),
  /** Whether retrieval was answered from the cache. */
  cache: z.enum(['hit', 'miss', 'none']).optional(),
  /** How the answer was made: by a provider's model, from the cited passages alone, or by an emergency rule. */
  answered_by: z.enum(['provider', 'passages', 'triage']).optional(),
  provider: providerName.optional(),
  prompt_tokens: z.number().int().optional(),
  completion_tokens: z.number().int().optional(),
  triage: triageFinding.optional(),
  language: language.optional(),
  /** Why a provider did not answer or did not finish. */
  failure: z.string().optional(),
  /** Why the passages answer although a model is meant to: see `passagesReasons`. */
  passages_because: z.enum(passagesReasons).optional(),
  /** What the output check found in the model's answer that was withheld; the text itself is not kept. */
  withheld: z.array(outputFailure).optional(),
  /** Citations that no passage supports, taken out of the answer. */
  citations_dropped: z.number().int().optional(),
  /** The answer from the passages that this one completes; it is kept as a version. */
  completes: uuid.optional(),
})
export type MessageMetadata = z.infer<typeof messageMetadata>

export const chatMessage = z.object({
  message_id: uuid,
  conversation_id: uuid,
  parent_id: uuid.nullable(),
  /** Position in the conversation, from 1; order never depends on a clock. */
  sequence: z.number().int(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  state: messageState,
  timestamp,
  model_used: z.string().nullable(),
  token_count: z.number().int().nullable(),
  message_metadata: messageMetadata,
})
export type ChatMessage = z.infer<typeof chatMessage>

export const conversation = z.object({
  conversation_id: uuid,
  title: z.string().nullable(),
  conversation_type: conversationType,
  status: z.enum(['active', 'archived']),
  is_favorite: z.boolean(),
  metadata: z.record(z.string(), z.json()),
  created_at: timestamp,
  updated_at: timestamp,
  message_count: z.number().int(),
})
export type Conversation = z.infer<typeof conversation>

const conversationId = z.object({ conversation_id: uuid })
const messageId = z.object({ message_id: uuid })

export const conversations = {
  create: call({
    summary: 'Start an empty conversation',
    access: signedIn,
    input: z.object({
      title: z.string().trim().min(1).max(200).optional(),
      conversation_type: conversationType.default('general'),
      metadata: z.record(z.string(), z.json()).default({}),
    }),
    output: conversation,
    http: [{ method: 'POST', path: '/conversations/' }],
  }),
  list: call({
    summary: 'The caller’s conversations, newest first',
    access: signedIn,
    input: z.object({
      conversation_type: conversationType.optional(),
      favorites_only: z.boolean().optional(),
      limit: z.number().int().min(1).max(200).default(20),
      /** `next_cursor` of the page before. */
      cursor: z.string().max(200).optional(),
    }),
    output: z.object({ conversations: z.array(conversation), next_cursor: z.string().nullable() }),
    safe: true,
    rate: 'read',
    http: [
      { method: 'GET', path: '/chat/conversations/{user_id}', callerFields: ['user_id'], numericFields: ['limit'], booleanFields: ['favorites_only'], respondWith: 'conversations' },
      { method: 'GET', path: '/conversations/', numericFields: ['limit'], booleanFields: ['favorites_only'], respondWith: 'conversations' },
    ],
  }),
  history: call({
    summary: 'One conversation with its messages in order',
    access: signedIn,
    input: conversationId.extend({
      /** Offset paging, from the first message. */
      skip: z.number().int().min(0).optional(),
      limit: z.number().int().min(1).max(500).default(100),
      /** Keyset paging: messages before this sequence, the nearest first page. Without `skip` and `before` the newest page is returned. */
      before: z.number().int().max(2_147_483_647).optional(),
    }),
    output: conversation.extend({ messages: z.array(chatMessage), has_earlier: z.boolean() }),
    safe: true,
    rate: 'read',
    http: [
      { method: 'GET', path: '/chat/conversations/{user_id}/{conversation_id}', callerFields: ['user_id'], numericFields: ['skip', 'limit', 'before'] },
      { method: 'GET', path: '/conversations/{conversation_id}', numericFields: ['skip', 'limit', 'before'] },
    ],
  }),
  rename: call({
    summary: 'Give a conversation another title',
    access: signedIn,
    input: conversationId.extend({ title: z.string().trim().min(1).max(200) }),
    output: conversation,
    http: [{ method: 'PUT', path: '/conversations/{conversation_id}/title' }],
  }),
  setFavorite: call({
    summary: 'Mark or unmark a favourite',
    access: signedIn,
    input: conversationId.extend({ is_favorite: z.boolean() }),
    output: conversation,
  }),
  setMetadata: call({
    summary: 'Merge keys into a conversation’s metadata; null removes a key',
    access: signedIn,
    input: conversationId.extend({ metadata: z.record(z.string().max(100), z.json()) }),
    output: conversation,
  }),
  delete: call({
    summary: 'Delete a conversation; it can be restored within the undo window, then it is erased',
    access: signedIn,
    input: conversationId,
    output: z.object({ message: z.string(), conversation_id: uuid, restorable_until: timestamp }),
    http: [
      { method: 'DELETE', path: '/chat/conversations/{user_id}/{conversation_id}', callerFields: ['user_id'] },
      { method: 'DELETE', path: '/conversations/{conversation_id}' },
    ],
  }),
  restore: call({ summary: 'Undo the deletion of a conversation', access: signedIn, input: conversationId, output: conversation }),
  deleteMessage: call({
    summary: 'Delete one message; it can be restored within the undo window, then it is erased',
    access: signedIn,
    input: messageId,
    output: z.object({ message: z.string(), message_id: uuid, restorable_until: timestamp }),
    http: [{ method: 'DELETE', path: '/chat/messages/{user_id}/{message_id}', callerFields: ['user_id'] }],
  }),
  restoreMessage: call({ summary: 'Undo the deletion of a message', access: signedIn, input: messageId, output: chatMessage }),
  versions: call({
    summary: 'Every version of a message that was edited or regenerated, oldest first',
    access: signedIn,
    input: messageId,
    output: z.object({ versions: z.array(chatMessage) }),
    safe: true,
    rate: 'read',
  }),
}

/** Rows of the conversation tables as the contract shows them. */
import { and, isNull, sql, type SQL } from 'drizzle-orm'
import type { ChatMessage, Conversation } from '../../../shared/contract/conversations.js'
import { chatMessages, conversations } from './tables.js'

/** Messages that are part of the history: neither deleted nor replaced by a newer version. */
export const isVisible: SQL | undefined = and(isNull(chatMessages.deletedAt), isNull(chatMessages.supersededAt))

/**
 * Counted on the index of visible messages, a conversation at a time: grouping a million messages would take 300 times as long.
 * Written out with table names, because drizzle leaves them out in a query of one table and the correlation would be lost.
 */
const messageCount = sql<number>`(select count(*)::int from chat_messages m
  where m.conversation_id = conversations.conversation_id and m.deleted_at is null and m.superseded_at is null)`

export const conversationColumns = {
  conversation_id: conversations.conversationId,
  title: conversations.title,
  conversation_type: conversations.conversationType,
  status: conversations.status,
  is_favorite: conversations.isFavorite,
  metadata: conversations.metadata,
  created_at: conversations.createdAt,
  updated_at: conversations.updatedAt,
  message_count: messageCount.as('message_count'),
} satisfies Record<keyof Conversation, unknown>

export const messageColumns = {
  message_id: chatMessages.messageId,
  conversation_id: chatMessages.conversationId,
  parent_id: chatMessages.parentId,
  sequence: chatMessages.sequence,
  role: chatMessages.role,
  content: chatMessages.content,
  state: chatMessages.state,
  timestamp: chatMessages.timestamp,
  model_used: chatMessages.modelUsed,
  token_count: chatMessages.tokenCount,
  message_metadata: chatMessages.messageMetadata,
} satisfies Record<keyof ChatMessage, unknown>

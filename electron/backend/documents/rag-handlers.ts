/** Binds document B's questions over documents to asking: the same answer, kept as the same messages. */
import type { ChatEvent, ChatResponse } from '../../../shared/contract/chat.js'
import type { ParsedInputOf } from '../../../shared/contract/contract.js'
import type { RagAnswer } from '../../../shared/contract/rag.js'
import type { ChatService } from '../chat/chat-service.js'
import type { DomainHandlers, RequestContext } from '../transport/handlers.js'

export function ragHandlers(chat: Pick<ChatService, 'send'>): DomainHandlers<'rag'> {
  const ask = async ({ query, include_sources, ...question }: ParsedInputOf<'rag.query'> & { conversation_id?: string }, context: RequestContext<ChatEvent>): Promise<RagAnswer> => {
    const begun = performance.now()
    const answered = await chat.send({ ...question, message: query, use_rag: true, conversation_type: 'rag_query' }, context)
    return toRagAnswer(answered, include_sources, performance.now() - begun)
  }
  return { query: ask, conversationQuery: ask }
}

function toRagAnswer({ conversation_id, user_message, assistant_message }: ChatResponse, includeSources: boolean, elapsedMs: number): RagAnswer {
  const { message_metadata: metadata } = assistant_message
  return {
    answer: assistant_message.content,
    conversation_id,
    user_message_id: user_message.message_id,
    message_id: assistant_message.message_id,
    state: assistant_message.state,
    sources: includeSources ? (metadata.search_results ?? []) : [],
    strategy: metadata.strategy ?? null,
    cache: metadata.cache ?? 'none',
    model_used: assistant_message.model_used,
    processing_time_ms: metadata.processing_time_ms ?? Math.round(elapsedMs),
  }
}

/**
 * Writes messages: a question whole, an answer as it comes. Each step is durable before it is told; a message gets its final state once.
 */
import { and, asc, desc, eq, gt, gte, inArray, isNull, lte, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { ChatMessage, MessageMetadata, MessageState } from '../../../shared/contract/conversations.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { Database, QueryRunner } from '../database/database.js'
import { isVisible, messageColumns } from './message-rows.js'
import { chatMessages, conversations } from './tables.js'

/** The final state of an answer and all that is known of it. */
export interface FinishedAnswer {
  content: string
  state: Exclude<MessageState, 'streaming'>
  modelUsed: string | null
  tokenCount: number
  metadata: MessageMetadata
}

export class MessagesStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Stores a question; its conversation moves to the top of the list and gets `titleIfNone` when it has no title yet. */
  async addQuestion(
    question: { conversationId: string; parentId: string | null; content: string; tokenCount: number; clientMessageId: string | null; titleIfNone: string; metadata: MessageMetadata },
    queries: QueryRunner,
  ): Promise<ChatMessage> {
    const sequence = await this.#nextSequence(question.conversationId, queries, question.titleIfNone)
    const [message] = await queries.drizzle
      .insert(chatMessages)
      .values({
        messageId: uuidv7(),
        conversationId: question.conversationId,
        parentId: question.parentId,
        sequence,
        role: 'user',
        content: question.content,
        state: 'complete',
        tokenCount: question.tokenCount,
        messageMetadata: question.metadata,
        clientMessageId: question.clientMessageId,
      })
      .returning(messageColumns)
    if (!message) throw new ContractError('internal')
    return message
  }

  /** Opens an answer to a question; it is `streaming` until it is finished. */
  async startAnswer(question: ChatMessage): Promise<ChatMessage> {
    return this.#database.transaction(async (transaction) => {
      const sequence = await this.#nextSequence(question.conversation_id, transaction, null)
      const [message] = await transaction.drizzle
        .insert(chatMessages)
        .values({ messageId: uuidv7(), conversationId: question.conversation_id, parentId: question.message_id, sequence, role: 'assistant', content: '', state: 'streaming' })
        .returning(messageColumns)
      if (!message) throw new ContractError('internal')
      return message
    })
  }

  /** Keeps what has come of an answer so far. */
  async keepStreamed(messageId: string, content: string): Promise<void> {
    await this.#database.drizzle.update(chatMessages).set({ content }).where(and(eq(chatMessages.messageId, messageId), eq(chatMessages.state, 'streaming')))
  }

  /** Gives an answer its final state. */
  async finishAnswer(messageId: string, answer: FinishedAnswer, queries: QueryRunner = this.#database): Promise<ChatMessage> {
    const [message] = await queries.drizzle
      .update(chatMessages)
      .set({ content: answer.content, state: answer.state, modelUsed: answer.modelUsed, tokenCount: answer.tokenCount, messageMetadata: answer.metadata })
      .where(and(eq(chatMessages.messageId, messageId), eq(chatMessages.state, 'streaming')))
      .returning(messageColumns)
    if (!message) throw new ContractError('not_found')
    return message
  }

  /** Answers that a crash or a power cut left open become `partial`, an empty one is removed; returns how many there were. */
  async closeInterrupted(): Promise<number> {
    const removed = await this.#database.drizzle
      .delete(chatMessages)
      .where(and(eq(chatMessages.state, 'streaming'), eq(chatMessages.content, '')))
      .returning({ id: chatMessages.messageId })
    const closed = await this.#database.drizzle
      .update(chatMessages)
      .set({ state: 'partial', messageMetadata: { failure: 'interrupted' } })
      .where(eq(chatMessages.state, 'streaming'))
      .returning({ id: chatMessages.messageId })
    return removed.length + closed.length
  }

  /** Removes an answer that never got a word. */
  async discardEmpty(messageId: string): Promise<void> {
    await this.#database.drizzle.delete(chatMessages).where(and(eq(chatMessages.messageId, messageId), eq(chatMessages.state, 'streaming')))
  }

  /** Takes a message and all that follows it out of the history, for a newer version. */
  async supersedeFrom(message: ChatMessage, queries: QueryRunner): Promise<void> {
    await queries.drizzle
      .update(chatMessages)
      .set({ supersededAt: sql`now()` })
      .where(and(eq(chatMessages.conversationId, message.conversation_id), gte(chatMessages.sequence, message.sequence), isVisible))
  }

  /**
   * Puts a complete answer in the place of another, which becomes a version. Null when that one is no longer the answer in the history: deleted,
   * replaced, or its question is.
   */
  async replaceAnswer(replaced: ChatMessage, answer: FinishedAnswer, queries: QueryRunner): Promise<ChatMessage | null> {
    if (!(await this.isCurrent(replaced, queries))) return null
    await queries.drizzle.update(chatMessages).set({ supersededAt: sql`now()` }).where(eq(chatMessages.messageId, replaced.message_id))
    const [message] = await queries.drizzle
      .insert(chatMessages)
      .values({
        messageId: uuidv7(),
        conversationId: replaced.conversation_id,
        parentId: replaced.parent_id,
        sequence: replaced.sequence,
        role: 'assistant',
        content: answer.content,
        state: answer.state,
        modelUsed: answer.modelUsed,
        tokenCount: answer.tokenCount,
        messageMetadata: answer.metadata,
      })
      .returning(messageColumns)
    return message ?? null
  }

  /** Whether an answer and its question stand in the history of a conversation that is not deleted. */
  async isCurrent(answer: ChatMessage, queries: QueryRunner = this.#database): Promise<boolean> {
    const rows = await queries.drizzle
      .select({ id: chatMessages.messageId })
      .from(chatMessages)
      .innerJoin(conversations, eq(conversations.conversationId, chatMessages.conversationId))
      .where(and(inArray(chatMessages.messageId, [answer.message_id, answer.parent_id ?? answer.message_id]), isVisible, isNull(conversations.deletedAt)))
    return rows.length === (answer.parent_id === null ? 1 : 2)
  }

  /** The question that was stored under a client's id, with its conversation's owner, or null. */
  async questionByClientId(clientMessageId: string): Promise<{ message: ChatMessage; ownerId: string } | null> {
    const [row] = await this.#database.drizzle
      .select({ ...messageColumns, ownerId: conversations.patientId })
      .from(chatMessages)
      .innerJoin(conversations, eq(conversations.conversationId, chatMessages.conversationId))
      .where(eq(chatMessages.clientMessageId, clientMessageId))
    if (!row) return null
    const { ownerId, ...message } = row
    return { message, ownerId }
  }

  /** The question that an answer belongs to. */
  async byId(messageId: string): Promise<ChatMessage | null> {
    const [message] = await this.#database.drizzle.select(messageColumns).from(chatMessages).where(eq(chatMessages.messageId, messageId))
    return message ?? null
  }

  /** The newest visible answer to a question, or null. */
  async answerTo(questionId: string): Promise<ChatMessage | null> {
    const [message] = await this.#database.drizzle
      .select(messageColumns)
      .from(chatMessages)
      .where(and(eq(chatMessages.parentId, questionId), eq(chatMessages.role, 'assistant'), isVisible))
      .orderBy(desc(chatMessages.sequence))
      .limit(1)
    return message ?? null
  }

  /** The newest visible messages, oldest first, up to and including a sequence when one is given. */
  async recent(conversationId: string, count: number, throughSequence?: number): Promise<ChatMessage[]> {
    const rows = await this.#database.drizzle
      .select(messageColumns)
      .from(chatMessages)
      .where(and(eq(chatMessages.conversationId, conversationId), isVisible, throughSequence === undefined ? undefined : lte(chatMessages.sequence, throughSequence)))
      .orderBy(desc(chatMessages.sequence))
      .limit(count)
    return rows.reverse()
  }

  /** Visible messages after one sequence and before another, oldest first. */
  async between(conversationId: string, afterSequence: number, beforeSequence: number): Promise<ChatMessage[]> {
    return this.#database.drizzle
      .select(messageColumns)
      .from(chatMessages)
      .where(
        and(eq(chatMessages.conversationId, conversationId), isVisible, gt(chatMessages.sequence, afterSequence), sql`${chatMessages.sequence} < ${beforeSequence}`),
      )
      .orderBy(asc(chatMessages.sequence))
  }

  /** Takes the next sequence under the conversation's row lock, so that two writers never share one. */
  async #nextSequence(conversationId: string, queries: QueryRunner, titleIfNone: string | null): Promise<number> {
    const [row] = await queries.drizzle
      .update(conversations)
      .set({
        lastSequence: sql`${conversations.lastSequence} + 1`,
        updatedAt: sql`now()`,
        ...(titleIfNone === null ? {} : { title: sql`coalesce(${conversations.title}, ${titleIfNone})` }),
      })
      .where(eq(conversations.conversationId, conversationId))
      .returning({ sequence: conversations.lastSequence })
    if (!row) throw new ContractError('not_found')
    return row.sequence
  }
}

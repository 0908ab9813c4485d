/** A person's conversations: list, history, names, favourites, deletion with undo. Only the owner reaches them. */
import { and, asc, desc, eq, gt, isNotNull, isNull, lt, or, sql, type SQL } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { uuid } from '../../../shared/contract/common.js'
import type { ChatMessage, Conversation } from '../../../shared/contract/conversations.js'
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { Database, QueryRunner } from '../database/database.js'
import { conversationColumns, isVisible, messageColumns } from './message-rows.js'
import { chatMessages, conversations } from './tables.js'

/** How long a deletion can be undone, ms; then the text is erased. */
export const undoWindowMs = 10 * 60_000

export interface ConversationsServiceParts {
  database: Database
  now: () => Date
  /** Called inside the transaction that removes a message from the history or brings it back: what was made from it is stale. */
  onHistoryChanged: (conversationId: string, fromSequence: number, queries: QueryRunner) => Promise<void>
}

export class ConversationsService {
  readonly #database: Database
  readonly #now: () => Date
  readonly #onHistoryChanged: ConversationsServiceParts['onHistoryChanged']

  constructor(parts: ConversationsServiceParts) {
    this.#database = parts.database
    this.#now = parts.now
    this.#onHistoryChanged = parts.onHistoryChanged
  }

  async create(ownerId: string, input: ParsedInputOf<'conversations.create'>, queries: QueryRunner = this.#database): Promise<Conversation> {
    const [row] = await queries.drizzle
      .insert(conversations)
      .values({
        conversationId: uuidv7(),
        patientId: ownerId,
        title: input.title ?? null,
        conversationType: input.conversation_type,
        metadata: input.metadata,
      })
      .returning({ id: conversations.conversationId })
    if (!row) throw new ContractError('internal')
    return this.get(ownerId, row.id, queries)
  }

  /** One conversation. Throws `not_found`, or `forbidden` when it is somebody else's. */
  async get(ownerId: string, conversationId: string, queries: QueryRunner = this.#database): Promise<Conversation> {
    const [row] = await queries.drizzle
      .select({ ...conversationColumns, patientId: conversations.patientId })
      .from(conversations)
      .where(and(eq(conversations.conversationId, conversationId), isNull(conversations.deletedAt)))
    if (!row) throw new ContractError('not_found')
    const { patientId, ...conversation } = row
    if (patientId !== ownerId) throw new ContractError('forbidden')
    return conversation
  }

  async list(ownerId: string, input: ParsedInputOf<'conversations.list'>): Promise<OutputOf<'conversations.list'>> {
    const after = input.cursor === undefined ? undefined : readCursor(input.cursor)
    const rows = await this.#database.drizzle
      .select(conversationColumns)
      .from(conversations)
      .where(
        and(
          eq(conversations.patientId, ownerId),
          isNull(conversations.deletedAt),
          input.conversation_type ? eq(conversations.conversationType, input.conversation_type) : undefined,
          input.favorites_only ? eq(conversations.isFavorite, true) : undefined,
          after ? sql`(${conversations.updatedAt}, ${conversations.conversationId}) < (${after.updatedAt}::timestamptz, ${after.id}::uuid)` : undefined,
        ),
      )
      .orderBy(desc(conversations.updatedAt), desc(conversations.conversationId))
      .limit(input.limit + 1)
    const page = rows.slice(0, input.limit)
    const last = page.at(-1)
    return { conversations: page, next_cursor: rows.length > input.limit && last ? writeCursor(last.updated_at, last.conversation_id) : null }
  }

  /** The conversation with one page of its messages, oldest first within the page. */
  async history(ownerId: string, input: ParsedInputOf<'conversations.history'>): Promise<OutputOf<'conversations.history'>> {
    const conversation = await this.get(ownerId, input.conversation_id)
    const inConversation = and(eq(chatMessages.conversationId, input.conversation_id), isVisible)
    if (input.skip !== undefined) {
      const messages = await this.#messages(inConversation).orderBy(asc(chatMessages.sequence)).limit(input.limit).offset(input.skip)
      return { ...conversation, messages, has_earlier: input.skip > 0 }
    }
    const newestFirst = await this.#messages(and(inConversation, input.before === undefined ? undefined : lt(chatMessages.sequence, input.before)))
      .orderBy(desc(chatMessages.sequence))
      .limit(input.limit + 1)
    return { ...conversation, messages: newestFirst.slice(0, input.limit).reverse(), has_earlier: newestFirst.length > input.limit }
  }

  async rename(ownerId: string, conversationId: string, title: string): Promise<Conversation> {
    return this.#change(ownerId, conversationId, { title })
  }

  async setFavorite(ownerId: string, conversationId: string, isFavorite: boolean): Promise<Conversation> {
    return this.#change(ownerId, conversationId, { isFavorite })
  }

  /** Merges keys into the metadata; a key whose value is null is removed. */
  async setMetadata(ownerId: string, input: ParsedInputOf<'conversations.setMetadata'>): Promise<Conversation> {
    // Only the keys themselves: a null deeper down is a value like any other.
    const removed = Object.keys(input.metadata).filter((key) => input.metadata[key] === null)
    const merged = sql`(${conversations.metadata} || ${JSON.stringify(input.metadata)}::jsonb) - array(select jsonb_array_elements_text(${JSON.stringify(removed)}::jsonb))`
    return this.#change(ownerId, input.conversation_id, { metadata: merged })
  }

  async delete(ownerId: string, conversationId: string): Promise<OutputOf<'conversations.delete'>> {
    await this.get(ownerId, conversationId)
    await this.#database.drizzle.update(conversations).set({ deletedAt: this.#now().toISOString() }).where(eq(conversations.conversationId, conversationId))
    return { message: 'Conversation deleted', conversation_id: conversationId, restorable_until: this.#restorableUntil() }
  }

  /** Undoes a deletion. Throws `undo_expired` when the window is over. */
  async restore(ownerId: string, conversationId: string): Promise<Conversation> {
    const [row] = await this.#database.drizzle
      .select({ patientId: conversations.patientId })
      .from(conversations)
      .where(eq(conversations.conversationId, conversationId))
    if (row && row.patientId !== ownerId) throw new ContractError('forbidden')
    const restored = await this.#database.drizzle
      .update(conversations)
      .set({ deletedAt: null })
      .where(and(eq(conversations.conversationId, conversationId), or(isNull(conversations.deletedAt), gt(conversations.deletedAt, this.#undoLimit()))))
      .returning({ id: conversations.conversationId })
    if (restored.length === 0) throw new ContractError('undo_expired')
    return this.get(ownerId, conversationId)
  }

  async deleteMessage(ownerId: string, messageId: string): Promise<OutputOf<'conversations.deleteMessage'>> {
    const message = await this.ownedMessage(ownerId, messageId)
    if (message.state === 'streaming') throw new ContractError('conversation_busy')
    await this.#setMessageDeleted(message, this.#now().toISOString())
    return { message: 'Message deleted', message_id: messageId, restorable_until: this.#restorableUntil() }
  }

  async restoreMessage(ownerId: string, messageId: string): Promise<ChatMessage> {
    const [row] = await this.#database.drizzle
      .select({ ...messageColumns, deletedAt: chatMessages.deletedAt })
      .from(chatMessages)
      .where(eq(chatMessages.messageId, messageId))
    if (!row) throw new ContractError('undo_expired')
    const { deletedAt, ...message } = row
    await this.get(ownerId, message.conversation_id)
    if (deletedAt !== null && deletedAt <= this.#undoLimit()) throw new ContractError('undo_expired')
    await this.#setMessageDeleted(message, null)
    return message
  }

  /** Every version of a message: what has the same parent and role in its conversation. */
  async versions(ownerId: string, messageId: string): Promise<ChatMessage[]> {
    const message = await this.ownedMessage(ownerId, messageId)
    const sameParent = message.parent_id === null ? isNull(chatMessages.parentId) : eq(chatMessages.parentId, message.parent_id)
    return this.#messages(
      and(eq(chatMessages.conversationId, message.conversation_id), sameParent, eq(chatMessages.role, message.role), isNull(chatMessages.deletedAt)),
    ).orderBy(asc(chatMessages.sequence))
  }

  /** A message of one of the person's conversations. Throws `not_found` or `forbidden`. */
  async ownedMessage(ownerId: string, messageId: string): Promise<ChatMessage> {
    const [message] = await this.#messages(and(eq(chatMessages.messageId, messageId), isNull(chatMessages.deletedAt)))
    if (!message) throw new ContractError('not_found')
    await this.get(ownerId, message.conversation_id)
    return message
  }

  /** Erases what was deleted longer ago than the undo window; returns the number of rows. Their bytes go with the next VACUUM. */
  async eraseDeleted(): Promise<number> {
    const limit = this.#undoLimit()
    const whole = await this.#database.drizzle
      .delete(conversations)
      .where(and(isNotNull(conversations.deletedAt), lt(conversations.deletedAt, limit)))
      .returning({ id: conversations.conversationId })
    const single = await this.#database.drizzle
      .delete(chatMessages)
      .where(and(isNotNull(chatMessages.deletedAt), lt(chatMessages.deletedAt, limit)))
      .returning({ id: chatMessages.messageId })
    return whole.length + single.length
  }

  #messages(condition: SQL | undefined) {
    return this.#database.drizzle.select(messageColumns).from(chatMessages).where(condition).$dynamic()
  }

  async #change(ownerId: string, conversationId: string, values: Partial<Record<'title' | 'isFavorite' | 'metadata', unknown>>): Promise<Conversation> {
    await this.get(ownerId, conversationId)
    await this.#database.drizzle
      .update(conversations)
      .set(values as Partial<typeof conversations.$inferInsert>)
      .where(eq(conversations.conversationId, conversationId))
    return this.get(ownerId, conversationId)
  }

  async #setMessageDeleted(message: ChatMessage, deletedAt: string | null): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.drizzle.update(chatMessages).set({ deletedAt }).where(eq(chatMessages.messageId, message.message_id))
      await this.#onHistoryChanged(message.conversation_id, message.sequence, transaction)
    })
  }

  #undoLimit(): string {
    return new Date(this.#now().getTime() - undoWindowMs).toISOString()
  }

  #restorableUntil(): string {
    return new Date(this.#now().getTime() + undoWindowMs).toISOString()
  }
}

function writeCursor(updatedAt: string, id: string): string {
  return Buffer.from(`${updatedAt}|${id}`).toString('base64url')
}

/** Whether Postgres would take it: a day of the calendar, after the year 0. */
function isTime(text: string): boolean {
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString() === text && time.getUTCFullYear() > 0
}

function readCursor(cursor: string): { updatedAt: string; id: string } {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\|([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))
  const [, updatedAt, id] = match ?? []
  if (updatedAt === undefined || id === undefined || !isTime(updatedAt) || !uuid.safeParse(id).success) {
    throw new ContractError('validation_failed', { fields: [{ field: 'cursor', code: 'invalid', message: 'Not a cursor of this list' }] })
  }
  return { updatedAt, id }
}

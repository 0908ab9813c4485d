/** The answers that wait for a model, on the disk. */
import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { Completion } from '../../../../shared/contract/chat.js'
import type { Database, QueryRunner } from '../../database/database.js'
import { answerCompletions, type CompletionRow } from './tables.js'

export class CompletionsStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async add(row: Omit<CompletionRow, 'attempts' | 'reason' | 'createdAt' | 'updatedAt'>, queries: QueryRunner): Promise<CompletionRow> {
    const [added] = await queries.drizzle.insert(answerCompletions).values(row).returning()
    if (!added) throw new Error('the insert gave no row')
    return added
  }

  async find(messageId: string): Promise<CompletionRow | null> {
    const [row] = await this.#database.drizzle.select().from(answerCompletions).where(eq(answerCompletions.messageId, messageId))
    return row ?? null
  }

  /** Of the answers that stand in a conversation's history. */
  async ofConversation(conversationId: string): Promise<CompletionRow[]> {
    const shown = sql`exists (select 1 from chat_messages m where m.message_id = answer_completions.message_id and m.deleted_at is null and m.superseded_at is null)`
    return this.#database.drizzle.select().from(answerCompletions).where(and(eq(answerCompletions.conversationId, conversationId), shown))
  }

  /** The queued one that is due first, the oldest question before others; null when none is. */
  async due(now: Date): Promise<CompletionRow | null> {
    const [row] = await this.#database.drizzle
      .select()
      .from(answerCompletions)
      .where(and(eq(answerCompletions.state, 'queued'), lte(answerCompletions.nextTryAt, now.toISOString())))
      .orderBy(asc(answerCompletions.createdAt))
      .limit(1)
    return row ?? null
  }

  async hasQueued(): Promise<boolean> {
    const rows = await this.#database.drizzle.select({ id: answerCompletions.messageId }).from(answerCompletions).where(eq(answerCompletions.state, 'queued')).limit(1)
    return rows.length > 0
  }

  /** Makes everything queued due. */
  async hurry(now: Date): Promise<void> {
    await this.#database.drizzle.update(answerCompletions).set({ nextTryAt: now.toISOString() }).where(eq(answerCompletions.state, 'queued'))
  }

  /** Changes one; a completed one stays as it is. Null when there is none to change. */
  async change(messageId: string, changes: Partial<Pick<CompletionRow, 'state' | 'attempts' | 'nextTryAt' | 'reason' | 'sessionId'>>, queries: QueryRunner = this.#database): Promise<CompletionRow | null> {
    const [row] = await queries.drizzle
      .update(answerCompletions)
      .set({ ...changes, updatedAt: sql`now()` })
      .where(and(eq(answerCompletions.messageId, messageId), sql`${answerCompletions.state} <> 'completed'`))
      .returning()
    return row ?? null
  }
}

/** A row as the contract shows it. */
export function toCompletion(row: CompletionRow): Completion {
  return {
    message_id: row.messageId,
    conversation_id: row.conversationId,
    state: row.state,
    attempts: row.attempts,
    next_try_at: row.nextTryAt === null ? null : new Date(row.nextTryAt).toISOString(),
    reason: row.reason,
  }
}

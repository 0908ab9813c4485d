/** Keeps the prompt of an answer exactly as a provider got it, for staff to read; it is erased with the answer. */
import { and, eq, sql } from 'drizzle-orm'
import { ContractError } from '../../../shared/contract/errors.js'
import type { OutputOf } from '../../../shared/contract/contract.js'
import type { Database, QueryRunner } from '../database/database.js'
import type { PromptMessage } from '../providers/completion.js'
import { sentPrompts } from './tables.js'

/** Largest prompt that is kept, in UTF-16 units: some four times the prompt budget. A larger one is not cut, because then it would not be what was sent. */
export const largestKeptPrompt = 100_000
/** Prompts kept a conversation; the oldest go first. */
export const keptPromptsPerConversation = 50

export class SentPrompts {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Keeps the prompt of an answer; the last one when several were sent for it. Returns false when it is too large to keep. */
  async keep(answerId: string, prompt: readonly PromptMessage[]): Promise<boolean> {
    if (prompt.reduce((sum, message) => sum + message.content.length, 0) > largestKeptPrompt) return false
    const messages = prompt.map(({ role, content }) => ({ role, content }))
    await this.#database.drizzle
      .insert(sentPrompts)
      .values({ messageId: answerId, messages })
      .onConflictDoUpdate({ target: sentPrompts.messageId, set: { messages, createdAt: sql`now()` } })
    await this.#database.query(
      `delete from sent_prompts where message_id in (
         select p.message_id from sent_prompts p join chat_messages m using (message_id)
         where m.conversation_id = (select conversation_id from chat_messages where message_id = $1)
         order by m.sequence desc offset $2)`,
      [answerId, keptPromptsPerConversation],
    )
    return true
  }

  /** The prompt of an answer. Throws `not_found` when none was kept. */
  async of(answerId: string): Promise<OutputOf<'memory.prompt'>> {
    const [row] = await this.#database.drizzle.select().from(sentPrompts).where(and(eq(sentPrompts.messageId, answerId)))
    if (!row) throw new ContractError('not_found')
    return { message_id: row.messageId, messages: row.messages, created_at: new Date(row.createdAt).toISOString() }
  }

  /** Removes the prompts of answers that come after a message: they hold its words. */
  async eraseFrom(conversationId: string, sequence: number, queries: QueryRunner): Promise<void> {
    await queries.query(
      'delete from sent_prompts where message_id in (select message_id from chat_messages where conversation_id = $1 and sequence >= $2)',
      [conversationId, sequence],
    )
  }
}

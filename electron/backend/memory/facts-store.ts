/**
 * The statements of each conversation, read from its messages as they come and kept. Read again from the beginning when the history changes;
 * what a person has forgotten is not read again.
 */
import { and, asc, eq, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import type { Database, QueryRunner } from '../database/database.js'
import { Ledger, type LedgerEntry } from './facts/ledger.js'
import { readStatements } from './facts/read-statements.js'
import type { MemoryRules } from './facts/rules.js'
import { memoryProgress, pinnedFacts } from './tables.js'

/** Reads messages of a conversation; given by the conversations domain. */
export interface MessageReader {
  recent(conversationId: string, count: number, throughSequence?: number): Promise<ChatMessage[]>
  between(conversationId: string, afterSequence: number, beforeSequence: number): Promise<ChatMessage[]>
}

/** A stretch of a message that is forgotten or replaced. */
export interface MessageSpan {
  messageId: string
  start: number
  end: number
}

export interface ConversationFacts {
  entries: LedgerEntry[]
  /** The person that the writer says they speak for. */
  declaredPatient: string | null
  forgotten: MessageSpan[]
}

interface Progress {
  throughSequence: number
  revision: number
  patient: string | null
}

type FactRow = typeof pinnedFacts.$inferSelect

const noProgress: Progress = { throughSequence: 0, revision: 0, patient: null }
const lastSequence = 2_147_483_647

export class FactsStore {
  readonly #database: Database
  readonly #messages: MessageReader
  readonly #rules: () => MemoryRules
  /** The reading under way of each conversation, so that two never write the same statements. */
  readonly #reading = new Map<string, Promise<ConversationFacts>>()

  constructor(parts: { database: Database; messages: MessageReader; rules: () => MemoryRules }) {
    this.#database = parts.database
    this.#messages = parts.messages
    this.#rules = parts.rules
  }

  /** Everything stated in a conversation until now; reads what has come since the last time. */
  async of(conversationId: string): Promise<ConversationFacts> {
    const before = this.#reading.get(conversationId)
    const reading = (before ? before.catch(() => undefined) : Promise.resolve()).then(() => this.#catchUp(conversationId))
    this.#reading.set(conversationId, reading)
    try {
      return await reading
    } finally {
      if (this.#reading.get(conversationId) === reading) this.#reading.delete(conversationId)
    }
  }

  /** The conversation and message of a fact, or null. */
  async find(factId: string): Promise<{ conversationId: string; deletedByPerson: string | null } | null> {
    const [row] = await this.#database.drizzle
      .select({ conversationId: pinnedFacts.conversationId, deletedByPerson: pinnedFacts.deletedByPerson })
      .from(pinnedFacts)
      .where(eq(pinnedFacts.factId, factId))
    return row ?? null
  }

  /** Forgets a fact with what it has replaced, and what else the same words of the same message say. */
  async forget(factId: string, at: Date): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query(
        `with recursive chain as (
           select * from pinned_facts where fact_id = $1
           union
           select f.* from pinned_facts f join chain c on f.conversation_id = c.conversation_id
             and (f.superseded_by = c.fact_id or (f.message_id = c.message_id and f.start_offset < c.end_offset and f.end_offset > c.start_offset))
         )
         update pinned_facts set deleted_by_person = $2 where deleted_by_person is null and fact_id in (select fact_id from chain)`,
        [factId, at.toISOString()],
      )
    })
  }

  /** Brings back what was forgotten together with a fact, by reading the conversation again. */
  async restore(conversationId: string, forgottenAt: string): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.drizzle.delete(pinnedFacts).where(and(eq(pinnedFacts.conversationId, conversationId), eq(pinnedFacts.deletedByPerson, forgottenAt)))
      await this.readAgain(conversationId, transaction)
    })
  }

  /** Drops what was read of a conversation, so that it is read again; what was forgotten stays so. */
  async readAgain(conversationId: string, queries: QueryRunner): Promise<void> {
    await queries.drizzle.delete(pinnedFacts).where(and(eq(pinnedFacts.conversationId, conversationId), isNull(pinnedFacts.deletedByPerson)))
    await queries.drizzle
      .insert(memoryProgress)
      .values({ conversationId, revision: 1 })
      .onConflictDoUpdate({ target: memoryProgress.conversationId, set: { throughSequence: 0, patient: null, revision: sql`${memoryProgress.revision} + 1` } })
  }

  /** Erases the words of what was forgotten before a time; where they stood stays known, so that they do not come back. */
  async eraseForgotten(before: Date): Promise<number> {
    const rows = await this.#database.drizzle
      .update(pinnedFacts)
      .set({ value: '', keys: [], kinds: [], subject: null })
      .where(and(isNotNull(pinnedFacts.deletedByPerson), lt(pinnedFacts.deletedByPerson, before.toISOString()), ne(pinnedFacts.value, '')))
      .returning({ id: pinnedFacts.factId })
    return rows.length
  }

  async #catchUp(conversationId: string): Promise<ConversationFacts> {
    const progress = await this.#progress(conversationId)
    const messages = await this.#messages.between(conversationId, progress.throughSequence, lastSequence)
    const rows = await this.#database.drizzle.select().from(pinnedFacts).where(eq(pinnedFacts.conversationId, conversationId)).orderBy(asc(pinnedFacts.position))
    const forgotten = rows.filter((row) => row.deletedByPerson !== null).map(toSpan)
    const kept = rows.filter((row) => row.deletedByPerson === null).map(toEntry)
    const last = messages.at(-1)
    if (!last) return { entries: kept, declaredPatient: progress.patient, forgotten }

    const ledger = new Ledger(kept, this.#rules(), uuidv7)
    let patient = progress.patient
    for (const message of messages) {
      if (message.role !== 'user') continue
      const statements = readStatements(message.content, ledger.peopleNamed(patient), this.#rules(), ledger.entries.at(-1)?.lang ?? 'en')
        .filter(({ start, end }) => !forgotten.some((span) => span.messageId === message.message_id && span.start < end && span.end > start))
      for (const statement of statements) patient = statement.patient ?? patient
      ledger.add(statements, { messageId: message.message_id, sequence: message.sequence })
    }
    const isKept = await this.#keep(conversationId, ledger, { throughSequence: last.sequence, revision: progress.revision, patient }, rows.at(-1)?.position ?? 0)
    // The history changed while it was read: what was read is of the past.
    if (!isKept) return this.#catchUp(conversationId)
    return { entries: [...ledger.entries], declaredPatient: patient, forgotten }
  }

  async #keep(conversationId: string, ledger: Ledger, progress: Progress, lastPosition: number): Promise<boolean> {
    const { added, superseded } = ledger.changes
    const isNew = new Set(added.map((entry) => entry.id))
    return this.#database.transaction(async (transaction) => {
      const [row] = await transaction.drizzle.select().from(memoryProgress).where(eq(memoryProgress.conversationId, conversationId)).for('update')
      if ((row?.revision ?? 0) !== progress.revision) return false
      const values = { throughSequence: progress.throughSequence, patient: progress.patient }
      await transaction.drizzle
        .insert(memoryProgress)
        .values({ conversationId, revision: progress.revision, ...values })
        .onConflictDoUpdate({ target: memoryProgress.conversationId, set: values })
      if (added.length > 0) await transaction.drizzle.insert(pinnedFacts).values(added.map((entry, index) => toRow(conversationId, entry, lastPosition + index + 1)))
      for (const { id, by } of superseded) {
        if (!isNew.has(id)) await transaction.drizzle.update(pinnedFacts).set({ supersededBy: by }).where(inArray(pinnedFacts.factId, [id]))
      }
      return true
    })
  }

  async #progress(conversationId: string): Promise<Progress> {
    const [row] = await this.#database.drizzle.select().from(memoryProgress).where(eq(memoryProgress.conversationId, conversationId))
    return row ?? noProgress
  }
}

function toSpan(row: FactRow): MessageSpan {
  return { messageId: row.messageId, start: row.startOffset, end: row.endOffset }
}

function toEntry(row: FactRow): LedgerEntry {
  const { factId: id, messageId, sequence, startOffset: start, endOffset: end, value: text, kind, kinds, keys, subject, lang, worth, supersededBy } = row
  return { id, messageId, sequence, start, end, text, kind, kinds, keys, subject, lang, worth, supersededBy }
}

function toRow(conversationId: string, entry: LedgerEntry, position: number): typeof pinnedFacts.$inferInsert {
  const { id: factId, messageId, sequence, start: startOffset, end: endOffset, text: value, kind, kinds, keys, subject, lang, worth, supersededBy } = entry
  return { factId, conversationId, messageId, sequence, position, startOffset, endOffset, value, kind, kinds, keys, subject, lang, worth, supersededBy }
}

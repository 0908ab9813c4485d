/**
 * What the model gets to know: instructions, the summary of older messages, the last five verbatim, and the numbered passages, within a token budget.
 * The summary is kept per conversation and extended as messages grow old.
 */
import { eq, sql } from 'drizzle-orm'
import type { Language } from '../../../shared/contract/common.js'
import type { ChatMessage, SearchResult } from '../../../shared/contract/conversations.js'
import type { Database, QueryRunner } from '../database/database.js'
import type { PromptMessage } from '../providers/completion.js'
import { extendSummary } from './extractive-summary.js'
import type { InstructionTexts } from './instructions.js'
import { conversationSummaries } from './tables.js'
import { loadTokenCounter, type TokenCounter } from './token-counter.js'

/** Document A: the last five messages stay word for word. */
export const verbatimMessages = 5
/** Tokens of the whole prompt; well within the smallest window of the providers (8,192) with room for the answer. */
export const defaultPromptBudget = 5_000
/** Tokens of the summary. */
export const summaryBudget = 300
/** A provider is asked for a summary when this many messages have left the verbatim five. */
const messagesPerSummary = 6
/** A conversation longer than this gets the condensed instructions (document A: five messages). */
const condensedFrom = 6

/** Reads messages of a conversation; given by the conversations domain. */
export interface MessageReader {
  recent(conversationId: string, count: number, throughSequence?: number): Promise<ChatMessage[]>
  between(conversationId: string, afterSequence: number, beforeSequence: number): Promise<ChatMessage[]>
}

/** Writes a summary with a model; null when no provider answered. */
export type Summarise = (request: { instructions: string; previous: string; messages: readonly ChatMessage[]; signal: AbortSignal }) => Promise<string | null>

export interface ConversationContext {
  prompt: PromptMessage[]
  /** Tokens of the prompt. */
  tokens: number
}

interface Summary {
  content: string
  throughSequence: number
}

export class MemoryService {
  readonly #database: Database
  readonly #messages: MessageReader
  readonly #texts: InstructionTexts

  constructor(parts: { database: Database; messages: MessageReader; texts: InstructionTexts }) {
    this.#database = parts.database
    this.#messages = parts.messages
    this.#texts = parts.texts
  }

  /** Tokens of a text. */
  async countTokens(text: string): Promise<number> {
    return (await loadTokenCounter()).count(text)
  }

  /** Builds the prompt for the answer to `question`, the newest message of its conversation. */
  async buildContext(request: { question: ChatMessage; language: Language; passages: readonly SearchResult[]; budget?: number }): Promise<ConversationContext> {
    const { question, language, passages } = request
    const budget = request.budget ?? defaultPromptBudget
    const counter = await loadTokenCounter()
    const recent = await this.#messages.recent(question.conversation_id, verbatimMessages, question.sequence)
    const oldest = recent[0]?.sequence ?? question.sequence
    const summary = await this.#summaryBefore(question.conversation_id, oldest, counter)

    const isLong = question.sequence >= condensedFrom
    const blocks = [isLong ? this.#texts.condensed[language] : this.#texts.full[language]]
    if (summary !== '') blocks.push(`${this.#texts.summary[language]}\n${summary}`)
    let tokens = blocks.reduce((sum, block) => sum + counter.count(block), counter.count(question.content))

    // The question itself is always whole; passages come before older messages when room is short, because answers stand on them.
    const kept: string[] = []
    for (const [index, passage] of passages.entries()) {
      const text = `[${index + 1}] ${passage.title}${passage.heading ? ` – ${passage.heading}` : ''}\n${passage.passage}`
      const cost = counter.count(text)
      if (tokens + cost > budget) break
      tokens += cost
      kept.push(text)
    }
    if (kept.length > 0) blocks.push(`${this.#texts.passages[language]}\n${kept.join('\n\n')}`)

    const verbatim: PromptMessage[] = []
    for (const message of recent.filter((candidate) => candidate.message_id !== question.message_id).reverse()) {
      const cost = counter.count(message.content)
      if (tokens + cost > budget) break
      tokens += cost
      verbatim.unshift({ role: message.role, content: message.content })
    }
    return {
      prompt: [{ role: 'system', content: blocks.join('\n\n') }, ...verbatim, { role: 'user', content: question.content }],
      tokens,
    }
  }

  /**
   * Brings the kept summary up to the messages that are about to leave the verbatim five. `summarise` writes it with a model where one answers;
   * otherwise, or when it fails, the summary is made of the messages' own sentences.
   */
  async extendSummary(conversationId: string, language: Language, summarise: Summarise | null, signal: AbortSignal): Promise<void> {
    const counter = await loadTokenCounter()
    const recent = await this.#messages.recent(conversationId, verbatimMessages)
    const oldest = recent[0]?.sequence
    if (oldest === undefined) return
    const kept = await this.#read(conversationId)
    const aged = await this.#messages.between(conversationId, kept.throughSequence, oldest)
    const last = aged.at(-1)
    // A model writes for several messages at once; until then `buildContext` extends the summary in passing.
    if (!last || (summarise && aged.length < messagesPerSummary)) return
    const written = summarise ? await summarise({ instructions: this.#texts.summarise[language], previous: kept.content, messages: aged, signal }) : null
    const usable = written !== null && written.trim() !== '' && counter.count(written) <= summaryBudget * 1.5
    const content = usable ? written.trim() : extendSummary(kept.content, aged, summaryBudget, counter)
    const row = { content, throughSequence: last.sequence, tokenCount: counter.count(content), madeBy: usable ? ('provider' as const) : ('extraction' as const) }
    await this.#database.drizzle
      .insert(conversationSummaries)
      .values({ conversationId, ...row })
      .onConflictDoUpdate({
        target: conversationSummaries.conversationId,
        set: { ...row, updatedAt: sql`now()` },
        // A deletion in the meantime has reset the summary; what was read before it must not come back.
        setWhere: eq(conversationSummaries.throughSequence, kept.throughSequence),
      })
  }

  /** Forgets a summary that holds a message from this sequence on: it was deleted, restored or replaced. */
  async historyChanged(conversationId: string, fromSequence: number, queries: QueryRunner): Promise<void> {
    await queries.drizzle
      .update(conversationSummaries)
      .set({ content: '', throughSequence: 0, tokenCount: 0, madeBy: 'extraction', updatedAt: sql`now()` })
      .where(sql`${conversationSummaries.conversationId} = ${conversationId} and ${conversationSummaries.throughSequence} >= ${fromSequence}`)
  }

  /** The kept summary, extended in passing by what it does not hold yet, so that nothing falls between summary and verbatim messages. */
  async #summaryBefore(conversationId: string, beforeSequence: number, counter: TokenCounter): Promise<string> {
    const kept = await this.#read(conversationId)
    const missing = await this.#messages.between(conversationId, kept.throughSequence, beforeSequence)
    return missing.length === 0 ? kept.content : extendSummary(kept.content, missing, summaryBudget, counter)
  }

  async #read(conversationId: string): Promise<Summary> {
    const [row] = await this.#database.drizzle
      .select({ content: conversationSummaries.content, throughSequence: conversationSummaries.throughSequence })
      .from(conversationSummaries)
      .where(eq(conversationSummaries.conversationId, conversationId))
    return row ?? { content: '', throughSequence: 0 }
  }
}

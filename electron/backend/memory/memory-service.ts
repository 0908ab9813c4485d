/**
 * What the model gets to know: instructions, the facts that the person stated, what else was said, the last five messages verbatim, and the
 * numbered passages, within a token budget. Facts are read by rules from every message; a summary of older messages is written by a model where one answers.
 */
import { eq, sql } from 'drizzle-orm'
import type { Language } from '../../../shared/contract/common.js'
import type { OutputOf } from '../../../shared/contract/contract.js'
import type { ChatMessage, SearchResult } from '../../../shared/contract/conversations.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { Database, QueryRunner } from '../database/database.js'
import type { PromptMessage } from '../providers/completion.js'
import { isOfPatient, patientOf } from './facts/patient.js'
import type { MemoryRules } from './facts/rules.js'
import { FactsStore, type ConversationFacts, type MessageReader, type MessageSpan } from './facts-store.js'
import type { InstructionTexts } from './instructions.js'
import { pinnedSafety, type PinnedSafety } from './pinned-safety.js'
import { recallLines, sentences } from './recall-lines.js'
import { SentPrompts } from './sent-prompts.js'
import { conversationSummaries } from './tables.js'
import { loadTokenCounter, type TokenCounter } from './token-counter.js'

/** Document A: the last five messages stay word for word, the question among them. */
export const verbatimMessages = 5
/** Tokens of the whole prompt; well within the smallest window of the providers (8,192) with room for the answer. */
export const defaultPromptBudget = 5_000
/** Tokens of a summary by a model. */
export const summaryBudget = 300
/** Tokens of facts and summary together in a prompt. */
export const rememberedBudget = 700
/** How long a forgotten fact can be restored, ms; then its words are erased. As long as a deletion. */
export const forgetUndoMs = 10 * 60_000
/** A provider is asked for a summary when this many messages have left the verbatim five. */
const messagesPerSummary = 6
/** A conversation longer than this gets the condensed instructions (document A: five messages). */
const condensedFrom = 6
/** Messages before the verbatim ones whose answers' first sentences can be recalled. */
const answersRecalled = 12
const longestAnswerSentence = 160

/** Writes a summary with a model; null when no provider answered. */
export type Summarise = (request: { instructions: string; previous: string; messages: readonly ChatMessage[]; signal: AbortSignal }) => Promise<string | null>

export interface ConversationContext {
  prompt: PromptMessage[]
  /** Tokens of the prompt. */
  tokens: number
}

export interface RecallRequest {
  conversationId: string
  /** What is asked; it is not in the context itself. */
  question: string
  /** Sequence of the question when it is stored; messages before it are recalled, all of them without it. */
  questionSequence?: number
  language: Language
  /** Tokens of the whole context. */
  budget: number
  /** Counts tokens; the product's tokenizer without it. */
  counter?: TokenCounter
}

/** What is recalled for a question. */
export interface Recollection {
  /** Facts, and what else was said, with headings; empty when there is nothing. */
  remembered: string
  /** The last messages as far as there is room, oldest first. */
  verbatim: PromptMessage[]
  /** All of it as one text. */
  text: string
  tokens: number
}

interface Summary {
  content: string
  throughSequence: number
  madeBy: 'provider' | 'extraction'
}

const noSummary: Summary = { content: '', throughSequence: 0, madeBy: 'extraction' }

export interface MemoryServiceParts {
  database: Database
  messages: MessageReader
  texts: InstructionTexts
  /** Gives the rules; called when they are first needed, because reading them takes as long as other steps of a start together. */
  rules: () => MemoryRules
  now?: () => Date
}

export class MemoryService {
  readonly #database: Database
  readonly #messages: MessageReader
  readonly #texts: InstructionTexts
  readonly #readRules: () => MemoryRules
  #loadedRules: MemoryRules | null = null
  readonly #facts: FactsStore
  readonly #prompts: SentPrompts
  readonly #now: () => Date

  constructor(parts: MemoryServiceParts) {
    this.#database = parts.database
    this.#messages = parts.messages
    this.#texts = parts.texts
    this.#readRules = parts.rules
    this.#facts = new FactsStore({ ...parts, rules: () => this.#rules })
    this.#prompts = new SentPrompts(parts.database)
    this.#now = parts.now ?? (() => new Date())
  }

  get #rules(): MemoryRules {
    this.#loadedRules ??= this.#readRules()
    return this.#loadedRules
  }

  /** Tokens of a text. */
  async countTokens(text: string): Promise<number> {
    return (await loadTokenCounter()).count(text)
  }

  /**
   * Keeps the prompt of an answer as it is sent to a provider, placeholders and all; call it when the answer is open and a provider is asked.
   * Returns false when it is too large to keep.
   */
  async keepPrompt(answerMessageId: string, prompt: readonly PromptMessage[]): Promise<boolean> {
    return this.#prompts.keep(answerMessageId, prompt)
  }

  /** The prompt of an answer as it was sent. Throws `not_found` when none was kept. */
  async promptOf(answerMessageId: string): Promise<OutputOf<'memory.prompt'>> {
    return this.#prompts.of(answerMessageId)
  }

  /** What an answer must not contradict: allergies, pregnancy, medicines of the person that the conversation is for. */
  async pinned(conversationId: string): Promise<PinnedSafety> {
    const { entries, declaredPatient } = await this.#facts.of(conversationId)
    return pinnedSafety(entries, patientOf(declaredPatient, entries, this.#rules), this.#rules)
  }

  /** What is remembered of a conversation, by kind, as it was said; with `withCorrected` also what was replaced. */
  async remembered(conversationId: string, options: { language: Language; withCorrected: boolean }): Promise<OutputOf<'memory.remembered'>> {
    const { entries, declaredPatient } = await this.#facts.of(conversationId)
    const patient = patientOf(declaredPatient, entries, this.#rules)
    const summary = await this.#readSummary(conversationId)
    const personOf = (subject: string | null): string | null => {
      if (subject === null || isOfPatient({ subject }, patient)) return null
      return subject === 'self' ? this.#rules.writer[options.language] : (this.#rules.relations.get(subject)?.label[options.language] ?? subject)
    }
    const facts = entries.flatMap((entry) => {
      const { kind } = entry
      if (kind === 'question' || (entry.supersededBy !== null && !options.withCorrected)) return []
      const { id, kinds, text, messageId, sequence, lang, supersededBy } = entry
      return [{ fact_id: id, kind, kinds: kinds.filter((one) => one !== 'question'), value: text, person: personOf(entry.subject), message_id: messageId, sequence, lang, superseded_by: supersededBy }]
    })
    return { conversation_id: conversationId, facts, summary: summary.madeBy === 'provider' && summary.content !== '' ? summary.content : null }
  }

  /** The conversation that a fact is of, or null. */
  async conversationOf(factId: string): Promise<string | null> {
    return (await this.#facts.find(factId))?.conversationId ?? null
  }

  /** Forgets a fact: no prompt holds it any more. Throws `not_found` when it is forgotten already. */
  async forget(factId: string): Promise<OutputOf<'memory.forget'>> {
    const found = await this.#facts.find(factId)
    if (!found || found.deletedByPerson !== null) throw new ContractError('not_found')
    const at = this.#now()
    await this.#facts.forget(factId, at)
    await this.#dropSummary(found.conversationId, 0, this.#database)
    return { fact_id: factId, restorable_until: new Date(at.getTime() + forgetUndoMs).toISOString() }
  }

  /** Undoes the forgetting of a fact. Throws `undo_expired` when the window is over. */
  async restore(factId: string): Promise<OutputOf<'memory.restore'>> {
    const found = await this.#facts.find(factId)
    if (!found?.deletedByPerson || new Date(found.deletedByPerson).getTime() <= this.#now().getTime() - forgetUndoMs) throw new ContractError('undo_expired')
    await this.#facts.restore(found.conversationId, found.deletedByPerson)
    return { fact_id: factId }
  }

  /** Erases the words of facts that were forgotten longer ago than the undo window; returns how many. */
  async eraseForgotten(): Promise<number> {
    return this.#facts.eraseForgotten(new Date(this.#now().getTime() - forgetUndoMs))
  }

  /** What the model would get to know for a question, without instructions and passages, within a budget that is never exceeded. */
  async recall(request: RecallRequest): Promise<Recollection> {
    const counter = request.counter ?? (await loadTokenCounter())
    const facts = await this.#facts.of(request.conversationId)
    const recent = await this.#recent(request.conversationId, request.questionSequence)
    const remembered = await this.#remember(request, facts, recent, request.budget, counter)
    const textOf = (verbatim: readonly PromptMessage[]): string => [remembered, ...verbatim.map((message) => message.content)].filter((part) => part !== '').join('\n')
    let verbatim: PromptMessage[] = []
    for (const message of redacted(recent, facts.forgotten).reverse()) {
      const longer = [{ role: message.role, content: message.content }, ...verbatim]
      if (counter.count(textOf(longer)) > request.budget) break
      verbatim = longer
    }
    const text = textOf(verbatim)
    return { remembered, verbatim, text, tokens: counter.count(text) }
  }

  /** Builds the prompt for the answer to `question`, the newest message of its conversation. */
  async buildContext(request: { question: ChatMessage; language: Language; passages: readonly SearchResult[]; budget?: number }): Promise<ConversationContext> {
    const { question, language, passages } = request
    const budget = request.budget ?? defaultPromptBudget
    const counter = await loadTokenCounter()
    const conversationId = question.conversation_id
    const facts = await this.#facts.of(conversationId)
    const recent = await this.#recent(conversationId, question.sequence)

    const isLong = question.sequence >= condensedFrom
    const blocks = [isLong ? this.#texts.condensed[language] : this.#texts.full[language]]
    let tokens = counter.count(blocks[0] ?? '') + counter.count(question.content)
    const room = Math.max(0, Math.min(rememberedBudget, Math.floor((budget - tokens) / 2)))
    const remembered = await this.#remember({ conversationId, question: question.content, questionSequence: question.sequence, language }, facts, recent, room, counter)
    if (remembered !== '') blocks.push(remembered)
    tokens += counter.count(remembered)

    // The question itself is always whole; passages come before older messages when room is short, because answers stand on them.
    const kept: string[] = []
    for (const [index, passage] of passages.entries()) {
      const text = `[${index + 1}] ${passage.title}${passage.heading ? ` – ${passage.heading}` : ''}\n${passage.passage}`
      const cost = counter.count(text)
      if (tokens + cost > budget) break
      tokens += cost
      kept.push(text)
    }
    if (kept.length > 0) blocks.push(`${this.#texts.passages[language]}\n<<<\n${kept.join('\n\n')}\n\n>>>`)

    const verbatim: PromptMessage[] = []
    for (const message of redacted(recent, facts.forgotten).reverse()) {
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
   * Brings the memory up to the newest messages: reads their facts and, where a model answers, has it extend the summary by what has left the
   * verbatim five. Without a model, or when it fails, the statements themselves serve.
   */
  async extendSummary(conversationId: string, language: Language, summarise: Summarise | null, signal: AbortSignal): Promise<void> {
    const facts = await this.#facts.of(conversationId)
    if (!summarise) return
    const counter = await loadTokenCounter()
    const recent = await this.#messages.recent(conversationId, verbatimMessages)
    const oldest = recent[0]?.sequence
    if (oldest === undefined) return
    const kept = await this.#readSummary(conversationId)
    const aged = await this.#messages.between(conversationId, kept.throughSequence, oldest)
    const last = aged.at(-1)
    // A model writes for several messages at once.
    if (!last || aged.length < messagesPerSummary) return
    const replaced = facts.entries.filter((entry) => entry.supersededBy !== null)
    const messages = redacted(aged, [...facts.forgotten, ...replaced])
    const written = (await summarise({ instructions: this.#texts.summarise[language], previous: kept.content, messages, signal }))?.trim() ?? ''
    const tokenCount = counter.count(written)
    if (written === '' || tokenCount > summaryBudget * 1.5) return
    const row = { content: written, throughSequence: last.sequence, tokenCount, madeBy: 'provider' as const }
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

  /** Forgets what was made of a message from this sequence on, because it was deleted, restored or replaced: summary, facts, kept prompts. */
  async historyChanged(conversationId: string, fromSequence: number, queries: QueryRunner): Promise<void> {
    await this.#dropSummary(conversationId, fromSequence, queries)
    await this.#facts.readAgain(conversationId, queries)
    await this.#prompts.eraseFrom(conversationId, fromSequence, queries)
  }

  /** Facts and what else was said, as text within a budget. */
  async #remember(
    request: Pick<RecallRequest, 'conversationId' | 'question' | 'questionSequence' | 'language'>,
    facts: ConversationFacts,
    recent: readonly ChatMessage[],
    budget: number,
    counter: TokenCounter,
  ): Promise<string> {
    const { conversationId, question, questionSequence, language } = request
    const summary = await this.#readSummary(conversationId)
    const oldest = recent[0]?.sequence ?? 1
    const older = oldest > 1 ? await this.#messages.between(conversationId, Math.max(summary.throughSequence, oldest - answersRecalled - 1), oldest) : []
    const answers = older.filter((message) => message.role === 'assistant').flatMap((message) => sentences(message.content).slice(0, 1)).filter((sentence) => sentence.length <= longestAnswerSentence)
    return recallLines({
      // What the question itself says stands in the question.
      entries: questionSequence === undefined ? facts.entries : withoutQuestion(facts.entries, questionSequence),
      patient: patientOf(facts.declaredPatient, facts.entries, this.#rules),
      question,
      language,
      rules: this.#rules,
      counter,
      budget,
      headings: { facts: this.#texts.facts[language], summary: this.#texts.summary[language], asked: this.#texts.asked[language] },
      summary: summary.madeBy === 'provider' && summary.content !== '' ? summary : null,
      answers,
    })
  }

  /** The messages just before the question. */
  async #recent(conversationId: string, questionSequence: number | undefined): Promise<ChatMessage[]> {
    if (questionSequence === undefined) return this.#messages.recent(conversationId, verbatimMessages - 1)
    return this.#messages.recent(conversationId, verbatimMessages - 1, questionSequence - 1)
  }

  async #dropSummary(conversationId: string, fromSequence: number, queries: QueryRunner): Promise<void> {
    await queries.drizzle
      .update(conversationSummaries)
      .set({ content: '', throughSequence: 0, tokenCount: 0, madeBy: 'extraction', updatedAt: sql`now()` })
      .where(sql`${conversationSummaries.conversationId} = ${conversationId} and ${conversationSummaries.throughSequence} >= ${fromSequence}`)
  }

  async #readSummary(conversationId: string): Promise<Summary> {
    const [row] = await this.#database.drizzle
      .select({ content: conversationSummaries.content, throughSequence: conversationSummaries.throughSequence, madeBy: conversationSummaries.madeBy })
      .from(conversationSummaries)
      .where(eq(conversationSummaries.conversationId, conversationId))
    return row ?? noSummary
  }
}

/** Entries without those that only the question says; an earlier statement that it corrects is shown as corrected. */
function withoutQuestion(entries: ConversationFacts['entries'], sequence: number): ConversationFacts['entries'] {
  const corrects = new Set(entries.map((entry) => entry.supersededBy))
  return entries.filter((entry) => entry.sequence < sequence || corrects.has(entry.id))
}

/** Messages without what the person has forgotten of them; one of which nothing is left is left out. */
function redacted(messages: readonly ChatMessage[], spans: readonly MessageSpan[]): ChatMessage[] {
  return messages.flatMap((message) => {
    const own = spans.filter((span) => span.messageId === message.message_id).sort((one, other) => other.start - one.start)
    if (own.length === 0) return [message]
    const content = own.reduce((text, { start, end }) => `${text.slice(0, start)}…${text.slice(end)}`, message.content)
    return /[\p{L}\p{N}]/u.test(content) ? [{ ...message, content }] : []
  })
}

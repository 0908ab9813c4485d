/**
 * Questions that the passages answered because no provider did are completed by a model when one answers again: by itself or on a tap, as the
 * person wishes. The queue is on the disk and survives the power; one is completed at a time, and only what still stands in the history.
 */
import type { ChatChange, Completion } from '../../../../shared/contract/chat.js'
import type { ChatMessage, Conversation, MessageMetadata } from '../../../../shared/contract/conversations.js'
import { ContractError } from '../../../../shared/contract/errors.js'
import type { Role } from '../../../../shared/contract/method.js'
import type { Preferences } from '../../../../shared/contract/settings.js'
import type { MessagesStore } from '../../conversations/messages-store.js'
import type { Database, QueryRunner } from '../../database/database.js'
import type { Logger } from '../../logging/logger.js'
import type { MemoryService } from '../../memory/memory-service.js'
import type { ConsentService } from '../../privacy/consent-service.js'
import type { FailureReason } from '../../providers/provider-failure.js'
import type { ProvidersService } from '../../providers/providers-service.js'
import type { Caller } from '../../transport/handlers.js'
import type { PassageSearch } from '../passage-search.js'
import type { ProviderAnswering } from '../provider-answering.js'
import type { AnswerRequest } from '../question-answering.js'
import { toCompletion, type CompletionsStore } from './completions-store.js'
import type { CompletionRow } from './tables.js'

export interface CompletionLimits {
  /** Pause between two looks at the queue, ms. */
  lookMs: number
  /** Pause after a failure, ms: it doubles each time up to the longest. */
  firstPauseMs: number
  longestPauseMs: number
  /** Attempts that a provider answered without an answer that can be used. */
  attempts: number
  /** How long a question waits for a provider, ms. */
  longestWaitMs: number
}

const defaultLimits: CompletionLimits = { lookMs: 5_000, firstPauseMs: 15_000, longestPauseMs: 5 * 60_000, attempts: 4, longestWaitMs: 7 * 24 * 3600_000 }

export interface AnswerCompletionsParts {
  database: Database
  store: CompletionsStore
  messages: MessagesStore
  conversations: { get(ownerId: string, conversationId: string): Promise<Conversation>; ownedMessage(ownerId: string, messageId: string): Promise<ChatMessage> }
  passages: PassageSearch
  byProvider: ProviderAnswering
  providers: Pick<ProvidersService, 'hasUsable' | 'hasConfigured'>
  consent: Pick<ConsentService, 'allowedProviders'>
  memory: Pick<MemoryService, 'countTokens' | 'keepPrompt' | 'historyChanged'>
  preferences: (userId: string) => Promise<Pick<Preferences, 'complete_answers'>>
  publish: (userId: string, change: ChatChange) => Promise<void>
  /** On a shared device nothing is completed for a session that has ended. */
  kiosk: boolean
  sessionIsLive: (sessionId: string) => Promise<boolean>
  now: () => Date
  logger: Logger
  limits?: Partial<CompletionLimits>
  /** From 0 up to 1. */
  random?: () => number
}

/** What became of one attempt. */
type Outcome = { type: 'completed' } | { type: 'given_up'; reason: NonNullable<Completion['reason']> } | { type: 'failed'; reason: 'refused' | 'withheld' } | { type: 'outage' }

/** Failures that say nothing about the question: they are waited out, however long. */
const outages: readonly FailureReason[] = ['rate_limited', 'server_error', 'timed_out', 'network', 'cut', 'circuit_open', 'not_configured', 'unauthorized']

export class AnswerCompletions {
  readonly #parts: AnswerCompletionsParts
  readonly #limits: CompletionLimits
  readonly #closing = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  /** Whether anything may be queued; false spares the look at the disk. */
  #mayHaveQueued = true
  #outages = 0
  #pausedUntil = 0

  constructor(parts: AnswerCompletionsParts) {
    this.#parts = parts
    this.#limits = { ...defaultLimits, ...parts.limits }
  }

  /** Begins to look at the queue, what an earlier run left in it included. */
  start(): void {
    this.#timer = setInterval(() => void this.run(), this.#limits.lookMs)
    this.#timer.unref()
  }

  /** Stops; an attempt under way is given up without a trace. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#closing.abort()
    await this.#running
  }

  /** Gives an answer from the passages its final state and, in the same transaction, its place in the queue, unless the person never wants it completed. */
  async offer(request: AnswerRequest, finish: (queries: QueryRunner) => Promise<ChatMessage>): Promise<ChatMessage> {
    const { person, question, preferences, language } = request
    const mode = await this.#modeOf(person.userId, person.role)
    const { message, row } = await this.#parts.database.transaction(async (queries) => {
      const finished = await finish(queries)
      if (mode === 'never') return { message: finished, row: null }
      const added = await this.#parts.store.add(
        {
          messageId: finished.message_id,
          questionId: question.message_id,
          conversationId: question.conversation_id,
          patientId: person.userId,
          sessionId: person.sessionId,
          role: person.role,
          lang: language,
          preferences: askedWith(preferences),
          state: mode === 'automatic' ? 'queued' : 'waiting',
          nextTryAt: mode === 'automatic' ? this.#soon() : null,
        },
        queries,
      )
      return { message: finished, row: added }
    })
    if (row?.state === 'queued') this.#mayHaveQueued = true
    if (row) await this.#parts.publish(person.userId, { type: 'completion', completion: toCompletion(row) })
    return message
  }

  /** The answers of a conversation that wait, or waited, for a model. Throws `not_found` or `forbidden`. */
  async list(person: Caller, conversationId: string): Promise<Completion[]> {
    await this.#parts.conversations.get(person.userId, conversationId)
    return (await this.#parts.store.ofConversation(conversationId)).map(toCompletion)
  }

  /** Queues an answer at the person's wish. Throws `not_found`, `forbidden`, or `answer_not_pending` when there is nothing to complete. */
  async request(person: Caller, messageId: string): Promise<Completion> {
    await this.#parts.conversations.ownedMessage(person.userId, messageId)
    const row = await this.#parts.store.find(messageId)
    if (!row || row.state === 'completed') throw new ContractError('answer_not_pending')
    const changed = await this.#parts.store.change(messageId, { state: 'queued', attempts: 0, reason: null, nextTryAt: this.#parts.now().toISOString(), sessionId: person.sessionId })
    if (!changed) throw new ContractError('answer_not_pending')
    await this.#announce(changed)
    this.#mayHaveQueued = true
    this.#pausedUntil = 0
    void this.run()
    return toCompletion(changed)
  }

  /** A provider has just answered somebody: what waits is tried now. */
  providerAnswered(): void {
    this.#outages = 0
    this.#pausedUntil = 0
    if (!this.#mayHaveQueued) return
    void this.#parts.store
      .hurry(this.#parts.now())
      .then(() => this.run())
      .catch((error: unknown) => this.#parts.logger.error({ err: error, event: 'completions_failed' }, 'the queue of answers could not be read'))
  }

  /** Completes what is due, one after the other. A run under way is not joined by another. */
  run(): Promise<void> {
    this.#running ??= this.#work()
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#parts.logger.error({ err: error, event: 'completions_failed' }, 'the queue of answers stopped; the next look goes on')
      })
      .finally(() => (this.#running = null))
    return this.#running
  }

  async #work(): Promise<void> {
    const { store, now } = this.#parts
    while (this.#mayHaveQueued && !this.#closing.signal.aborted && now().getTime() >= this.#pausedUntil) {
      const row = await store.due(now())
      if (!row) {
        this.#mayHaveQueued = await store.hasQueued()
        return
      }
      const outcome = await this.#attempt(row)
      if (this.#closing.signal.aborted) return
      await this.#settle(row, outcome)
    }
  }

  async #settle(row: CompletionRow, outcome: Outcome): Promise<void> {
    const { store, now, logger } = this.#parts
    let changed: CompletionRow | null = null
    if (outcome.type === 'completed') {
      this.#outages = 0
    } else if (outcome.type === 'given_up') {
      changed = await store.change(row.messageId, { state: 'given_up', reason: outcome.reason, nextTryAt: null })
    } else if (outcome.type === 'failed') {
      const attempts = row.attempts + 1
      changed =
        attempts >= this.#limits.attempts
          ? await store.change(row.messageId, { state: 'given_up', attempts, reason: outcome.reason, nextTryAt: null })
          : await store.change(row.messageId, { attempts, nextTryAt: new Date(now().getTime() + this.#pause(attempts)).toISOString() })
    } else {
      const pause = this.#pause(++this.#outages)
      this.#pausedUntil = now().getTime() + pause
      changed = await store.change(row.messageId, { nextTryAt: new Date(this.#pausedUntil).toISOString() })
    }
    logger.info({ event: 'answer_completion', outcome: outcome.type, ...('reason' in outcome ? { reason: outcome.reason } : {}) }, 'an answer was tried to be completed')
    if (changed) await this.#announce(changed)
  }

  async #attempt(row: CompletionRow): Promise<Outcome> {
    const { messages, providers, consent, passages, byProvider, kiosk, sessionIsLive, now } = this.#parts
    const [question, answer] = await Promise.all([messages.byId(row.questionId), messages.byId(row.messageId)])
    if (!question || !answer || !(await messages.isCurrent(answer))) return { type: 'given_up', reason: 'changed' }
    if (now().getTime() - new Date(row.createdAt).getTime() > this.#limits.longestWaitMs) return { type: 'given_up', reason: 'too_old' }
    if (kiosk && !(await sessionIsLive(row.sessionId))) return { type: 'given_up', reason: 'no_consent' }
    const allowed = await consent.allowedProviders({ userId: row.patientId, sessionId: row.sessionId })
    if (!providers.hasConfigured(allowed)) return providers.hasConfigured() ? { type: 'given_up', reason: 'no_consent' } : { type: 'outage' }
    if (!providers.hasUsable(row.preferences.provider, allowed)) return { type: 'outage' }

    const person = { userId: row.patientId, role: row.role }
    const recent = await messages.recent(row.conversationId, 9, question.sequence)
    const retrieved = await passages.find({ person, question, preferences: row.preferences, language: row.lang }, recent, true)
    const prepared = await byProvider.prepare({
      ownerId: row.patientId,
      question,
      language: row.lang,
      passages: retrieved.results,
      allowed,
      provider: row.preferences.provider ?? null,
      model: row.preferences.model ?? null,
      temperature: row.preferences.temperature ?? null,
    })
    let content = ''
    let source: Pick<MessageMetadata, 'provider'> & { model: string } = { model: '' }
    for await (const event of prepared.ask(this.#closing.signal)) {
      if (event.type === 'started') source = { provider: event.provider, model: event.model }
      if (event.type === 'text') content += event.text
      if (event.type === 'cut') content = ''
      if (event.type === 'withheld') return { type: 'failed', reason: 'withheld' }
      if (event.type === 'exhausted') return outages.includes(event.reason) ? { type: 'outage' } : { type: 'failed', reason: 'refused' }
      if (event.type !== 'finished') continue
      if (content.trim() === '') return { type: 'failed', reason: 'refused' }
      const metadata: MessageMetadata = {
        ...retrieved.metadata,
        ...(answer.message_metadata.triage ? { triage: answer.message_metadata.triage } : {}),
        language: row.lang,
        answered_by: 'provider',
        ...(source.provider ? { provider: source.provider } : {}),
        prompt_tokens: event.usage.promptTokens ?? prepared.tokens,
        ...(event.usage.completionTokens === null ? {} : { completion_tokens: event.usage.completionTokens }),
        ...(event.citationsDropped > 0 ? { citations_dropped: event.citationsDropped } : {}),
        completes: answer.message_id,
      }
      return this.#replace(row, answer, { content, modelUsed: source.model, metadata }, prepared.prompt)
    }
    return { type: 'outage' }
  }

  /** Puts the answer in its place unless the history changed meanwhile. */
  async #replace(row: CompletionRow, answer: ChatMessage, made: { content: string; modelUsed: string; metadata: MessageMetadata }, prompt: Parameters<MemoryService['keepPrompt']>[1]): Promise<Outcome> {
    const { database, messages, memory, store, conversations, publish } = this.#parts
    const tokenCount = made.metadata.completion_tokens ?? (await memory.countTokens(made.content))
    const message = await database.transaction(async (queries) => {
      const replaced = await messages.replaceAnswer(answer, { ...made, state: 'complete', tokenCount }, queries)
      if (!replaced) return null
      await memory.historyChanged(answer.conversation_id, answer.sequence, queries)
      await store.change(row.messageId, { state: 'completed', nextTryAt: null, reason: null }, queries)
      return replaced
    })
    if (!message) return { type: 'given_up', reason: 'changed' }
    await memory.keepPrompt(message.message_id, prompt)
    const conversation = await conversations.get(row.patientId, row.conversationId)
    await publish(row.patientId, { type: 'completed', conversation, message, replaces: answer.message_id })
    return { type: 'completed' }
  }

  async #modeOf(userId: string, role: Role): Promise<'automatic' | 'on_tap' | 'never'> {
    const { complete_answers: chosen } = await this.#parts.preferences(userId)
    return chosen ?? (role === 'nurse' || role === 'admin' ? 'automatic' : 'on_tap')
  }

  #announce(row: CompletionRow): Promise<void> {
    return this.#parts.publish(row.patientId, { type: 'completion', completion: toCompletion(row) })
  }

  /** Half of the bound and a random half, so that many devices do not come back at the same moment. */
  #pause(times: number): number {
    const bound = Math.min(this.#limits.longestPauseMs, this.#limits.firstPauseMs * 2 ** (times - 1))
    return bound / 2 + ((this.#parts.random ?? Math.random)() * bound) / 2
  }

  #soon(): string {
    return new Date(this.#parts.now().getTime() + this.#pause(1)).toISOString()
  }
}

/** The preferences alone, without whatever else the request carries. */
function askedWith({ provider, model, temperature, use_rag, strategy, top_k, threshold, document_ids }: AnswerRequest['preferences']): AnswerRequest['preferences'] {
  return { provider, model, temperature, use_rag, strategy, top_k, threshold, document_ids }
}

/**
 * Asking: a question becomes durable before anything else happens to it, then it is answered. One answer at a time a conversation.
 */
import type { ChatEvent, ChatResponse } from '../../../shared/contract/chat.js'
import type { Language, ProviderName } from '../../../shared/contract/common.js'
import type { ChatMessage, ConversationType } from '../../../shared/contract/conversations.js'
import type { ParsedInputOf } from '../../../shared/contract/contract.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { conversationTitle } from '../conversations/conversation-title.js'
import type { ConversationsService } from '../conversations/conversations-service.js'
import type { MessagesStore } from '../conversations/messages-store.js'
import { violatesUnique } from '../database/database-error.js'
import type { Database, QueryRunner } from '../database/database.js'
import type { Logger } from '../logging/logger.js'
import type { MemoryService, Summarise } from '../memory/memory-service.js'
import type { Concealments } from '../privacy/concealments.js'
import type { ConsentService } from '../privacy/consent-service.js'
import type { ProvidersService } from '../providers/providers-service.js'
import type { Caller, RequestContext } from '../transport/handlers.js'
import type { AnswerPreferences } from './answer-preferences.js'
import type { AnswerCompletions } from './completions/answer-completions.js'
import type { ConversationWatch } from './conversation-watch.js'
import type { QuestionAnswering } from './question-answering.js'

export interface ChatServiceParts {
  database: Database
  conversations: ConversationsService
  messages: MessagesStore
  memory: MemoryService
  answering: QuestionAnswering
  providers: Pick<ProvidersService, 'hasUsable' | 'complete'>
  consent: Pick<ConsentService, 'allowedProviders'>
  concealments: Concealments
  completions: AnswerCompletions
  watch: ConversationWatch
  detectLanguage: (text: string, fallback: Language) => Language
  logger: Logger
}

type ChatContext = Pick<RequestContext<ChatEvent>, 'person' | 'language' | 'signal' | 'emit'>

export class ChatService {
  readonly #parts: ChatServiceParts
  /** The answer being written in each conversation. */
  readonly #writing = new Map<string, { ownerId: string; controller: AbortController; done: Promise<unknown> }>()
  readonly #closing = new AbortController()
  readonly #background = new Set<Promise<void>>()

  constructor(parts: ChatServiceParts) {
    this.#parts = parts
  }

  /** Stores a question and answers it. A repeated `client_message_id` gets the answer that its first sending got. */
  async send(input: ParsedInputOf<'chat.send'> & { conversation_type?: ConversationType }, context: ChatContext): Promise<ChatResponse> {
    const { person } = context
    const earlier = input.client_message_id ? await this.#parts.messages.questionByClientId(input.client_message_id) : null
    if (earlier) return this.#resume(earlier, input, context)

    const conversation = input.conversation_id ? await this.#parts.conversations.get(person.userId, input.conversation_id) : null
    return this.#exclusively(conversation?.conversation_id ?? null, person, context, async (signal, claim) => {
      const tokenCount = await this.#parts.memory.countTokens(input.message)
      const [last] = conversation ? await this.#parts.messages.recent(conversation.conversation_id, 1) : []
      let question: ChatMessage
      try {
        question = await this.#parts.database.transaction(async (transaction) => {
          const { conversation_id: conversationId } = conversation ?? (await this.#parts.conversations.create(person.userId, { conversation_type: input.conversation_type ?? 'general', metadata: {} }, transaction))
          return this.#store(conversationId, last?.message_id ?? null, input.message, tokenCount, input.client_message_id ?? null, transaction)
        })
      } catch (error) {
        // The same question arrived twice at once: the other sending has it.
        if (violatesUnique(error, 'chat_messages_client_key')) throw new ContractError('conversation_busy', { cause: error })
        throw error
      }
      claim(question.conversation_id)
      return this.#answer(question, input, { ...context, signal }, input.language)
    })
  }

  /** Another answer to the same question; the earlier one, and what followed it, become a version. */
  async regenerate(input: ParsedInputOf<'chat.regenerate'>, context: ChatContext): Promise<ChatResponse> {
    const answer = await this.#parts.conversations.ownedMessage(context.person.userId, input.message_id)
    const question = answer.role === 'assistant' && answer.parent_id ? await this.#parts.messages.byId(answer.parent_id) : null
    if (!question) throw new ContractError('not_found')
    return this.#exclusively(question.conversation_id, context.person, context, async (signal) => {
      await this.#parts.database.transaction((transaction) => this.#supersede(answer, transaction))
      return this.#answer(question, input, { ...context, signal })
    })
  }

  /** A changed question and a new answer; the earlier ones become versions. */
  async edit(input: ParsedInputOf<'chat.edit'>, context: ChatContext): Promise<ChatResponse> {
    const earlier = await this.#parts.conversations.ownedMessage(context.person.userId, input.message_id)
    if (earlier.role !== 'user') throw new ContractError('not_found')
    return this.#exclusively(earlier.conversation_id, context.person, context, async (signal) => {
      const tokenCount = await this.#parts.memory.countTokens(input.message)
      const question = await this.#parts.database.transaction(async (transaction) => {
        await this.#supersede(earlier, transaction)
        return this.#store(earlier.conversation_id, earlier.parent_id, input.message, tokenCount, null, transaction)
      })
      return this.#answer(question, input, { ...context, signal })
    })
  }

  /** Stops the answer being written in a conversation; what was written is kept. */
  stop(person: Caller, conversationId: string): boolean {
    const writing = this.#writing.get(conversationId)
    if (!writing || writing.ownerId !== person.userId) return false
    writing.controller.abort()
    return true
  }

  /** Stops every answer and waits until what was written is on the disk. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#parts.watch.close()
    await this.#parts.completions.close()
    for (const { controller } of this.#writing.values()) controller.abort()
    await Promise.allSettled([...[...this.#writing.values()].map((writing) => writing.done), ...this.#background])
  }

  /** Tells the window that the question is on the disk, answers it, and afterwards brings the memory up to date. */
  async #answer(question: ChatMessage, preferences: AnswerPreferences, context: ChatContext, chosen?: Language): Promise<ChatResponse> {
    const conversation = await this.#parts.conversations.get(context.person.userId, question.conversation_id)
    context.emit({ type: 'accepted', conversation, user_message: question })
    const language = chosen ?? this.#parts.detectLanguage(question.content, context.language)
    const answer = await this.#parts.answering.answer({ person: context.person, question, preferences, language, signal: context.signal, emit: context.emit })
    if (answer.state === 'complete' && answer.message_metadata.answered_by === 'provider') this.#parts.completions.providerAnswered()
    this.#inBackground(() => this.#remember(question, context.person, language))
    return { conversation_id: question.conversation_id, user_message: question, assistant_message: answer }
  }

  async #resume(earlier: { message: ChatMessage; ownerId: string }, input: ParsedInputOf<'chat.send'>, context: ChatContext): Promise<ChatResponse> {
    if (earlier.ownerId !== context.person.userId) throw new ContractError('forbidden')
    const question = earlier.message
    return this.#exclusively(question.conversation_id, context.person, context, async (signal) => {
      const answer = await this.#parts.messages.answerTo(question.message_id)
      if (!answer) return this.#answer(question, input, { ...context, signal }, input.language)
      const conversation = await this.#parts.conversations.get(context.person.userId, question.conversation_id)
      context.emit({ type: 'accepted', conversation, user_message: question })
      context.emit({ type: 'final', message: answer })
      return { conversation_id: question.conversation_id, user_message: question, assistant_message: answer }
    })
  }

  #store(
    conversationId: string,
    parentId: string | null,
    content: string,
    tokenCount: number,
    clientMessageId: string | null,
    queries: QueryRunner,
  ): Promise<ChatMessage> {
    return this.#parts.messages.addQuestion(
      { conversationId, parentId, content, tokenCount, clientMessageId, titleIfNone: conversationTitle(content), metadata: {} },
      queries,
    )
  }

  async #supersede(message: ChatMessage, queries: QueryRunner): Promise<void> {
    await this.#parts.messages.supersedeFrom(message, queries)
    await this.#parts.memory.historyChanged(message.conversation_id, message.sequence, queries)
  }

  /** Holds a conversation while an answer is written in it. A new conversation is claimed once it has an id. */
  async #exclusively<Result>(
    conversationId: string | null,
    person: Caller,
    context: ChatContext,
    run: (signal: AbortSignal, claim: (conversationId: string) => void) => Promise<Result>,
  ): Promise<Result> {
    if (conversationId !== null && this.#writing.has(conversationId)) throw new ContractError('conversation_busy')
    const controller = new AbortController()
    let claimed: string | null = null
    let settle = (): void => undefined
    const done = new Promise<void>((resolve) => (settle = resolve))
    const claim = (id: string): void => {
      claimed = id
      this.#writing.set(id, { ownerId: person.userId, controller, done })
    }
    if (conversationId !== null) claim(conversationId)
    try {
      return await run(AbortSignal.any([controller.signal, context.signal]), claim)
    } finally {
      if (claimed !== null) this.#writing.delete(claimed)
      settle()
    }
  }

  async #remember(question: ChatMessage, person: Caller, language: Language): Promise<void> {
    const { consent, providers, memory } = this.#parts
    const allowed = await consent.allowedProviders(person)
    const summarise: Summarise | null = providers.hasUsable(null, allowed) ? (request) => this.#summariseByProvider(question, person, allowed, request) : null
    await memory.extendSummary(question.conversation_id, language, summarise, this.#closing.signal)
  }

  /** A summary by a provider, or null when none finished one: the extractive one serves then. */
  async #summariseByProvider(
    question: ChatMessage,
    person: Caller,
    allowed: readonly ProviderName[],
    { instructions, previous, messages, signal }: Parameters<Summarise>[0],
  ): Promise<string | null> {
    const concealment = await this.#parts.concealments.ofConversation(question.conversation_id, person.userId, question.sequence)
    const transcript = messages.map((message) => `${message.role}: ${message.content}`).join('\n')
    let text = ''
    const stream = this.#parts.providers.complete({
      messages: [
        { role: 'system', content: instructions },
        { role: 'user', content: concealment.hide(`${previous}\n\n${transcript}`.trim()) },
      ],
      temperature: 0,
      maximumTokens: 400,
      allowed,
      signal,
    })
    for await (const event of stream) {
      if (event.type === 'delta') text += event.text
      else if (event.type === 'cut') text = ''
      else if (event.type === 'finished') return concealment.restore(text)
    }
    return null
  }

  #inBackground(run: () => Promise<void>): void {
    const task = run()
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#parts.logger.warn({ err: error, event: 'summary_failed' }, 'the summary was not extended; the next answer tries again')
      })
      .finally(() => this.#background.delete(task))
    this.#background.add(task)
  }
}

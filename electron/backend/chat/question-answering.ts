/**
 * From a stored question to its stored answer, in the order in which it happens:
 * triage by rules; retrieval of passages; a provider's stream with fallback, or the answer from the passages; the final state.
 */
import type { Language } from '../../../shared/contract/common.js'
import type { ChatEvent } from '../../../shared/contract/chat.js'
import type { ChatMessage, MessageMetadata, OutputFailure, TriageFinding } from '../../../shared/contract/conversations.js'
import type { ProviderName } from '../../../shared/contract/common.js'
import type { MessagesStore } from '../conversations/messages-store.js'
import type { KnowledgeService } from '../knowledge/knowledge-service.js'
import type { Logger } from '../logging/logger.js'
import type { InstructionTexts } from '../memory/instructions.js'
import type { MemoryService } from '../memory/memory-service.js'
import type { ProvidersService } from '../providers/providers-service.js'
import type { Caller } from '../transport/handlers.js'
import type { TriageService } from '../triage/triage-service.js'
import type { ConsentService } from '../privacy/consent-service.js'
import { AnswerDraft } from './answer-draft.js'
import type { AnswerPreferences } from './answer-preferences.js'
import type { AnswerCompletions } from './completions/answer-completions.js'
import { isShort, type PassageSearch, type Retrieved } from './passage-search.js'
import type { QueryRewriting } from './query-rewriting.js'
import type { ProviderAnswering } from './provider-answering.js'

export interface AnswerRequest {
  person: Caller
  question: ChatMessage
  preferences: AnswerPreferences
  language: Language
  signal: AbortSignal
  emit: (event: ChatEvent) => void
}

export interface QuestionAnsweringParts {
  messages: MessagesStore
  triage: Pick<TriageService, 'assess'>
  passages: PassageSearch
  rewriting: Pick<QueryRewriting, 'rewrite'>
  knowledge: Pick<KnowledgeService, 'answerFromPassages'>
  memory: Pick<MemoryService, 'countTokens' | 'keepPrompt'>
  providers: Pick<ProvidersService, 'hasUsable' | 'hasConfigured'>
  consent: Pick<ConsentService, 'allowedProviders'>
  byProvider: ProviderAnswering
  /** Takes the answers that a model can complete later. */
  completions: Pick<AnswerCompletions, 'offer'>
  texts: InstructionTexts
  logger: Logger
}

type PassagesReason = NonNullable<MessageMetadata['passages_because']>

/** A model's answer that is not shown: the message that it was written in, and why. */
interface Withheld {
  draft: AnswerDraft
  reasons: OutputFailure[]
}

/** User and assistant turns that triage reads. */
const triageTurns = 9

export class QuestionAnswering {
  readonly #parts: QuestionAnsweringParts

  constructor(parts: QuestionAnsweringParts) {
    this.#parts = parts
  }

  /** Answers a stored question; resolves with the answer in its final state, the last one when a provider was cut. */
  async answer(request: AnswerRequest): Promise<ChatMessage> {
    const startedAt = performance.now()
    const recent = await this.#parts.messages.recent(request.question.conversation_id, triageTurns, request.question.sequence)

    const finding = this.#parts.triage.assess(recent, request.language)
    const triage: Pick<MessageMetadata, 'triage'> = finding.level === 'routine' ? {} : { triage: finding }
    if (triage.triage) request.emit({ type: 'triage', finding })

    const allowed = await this.#parts.consent.allowedProviders(request.person)
    const { provider } = request.preferences
    const mayAskProvider = finding.level !== 'emergency' && this.#parts.providers.hasUsable(provider, allowed)
    const rewrite = (query: string): Promise<string | null> =>
      this.#parts.rewriting.rewrite({ query, question: request.question, userId: request.person.userId, language: request.language, allowed, signal: request.signal })
    const retrieved = await this.#parts.passages.find(request, recent, mayAskProvider, mayAskProvider ? rewrite : undefined)
    if (retrieved.results.length > 0) request.emit({ type: 'sources', sources: retrieved.results })

    const metadata = (): MessageMetadata => ({
      ...retrieved.metadata,
      ...triage,
      language: request.language,
      processing_time_ms: Math.round(performance.now() - startedAt),
    })
    if (finding.level === 'emergency') return this.#answerEmergency(request, finding, metadata)
    if (mayAskProvider) {
      const answered = await this.#answerByProvider(request, retrieved, allowed, metadata)
      if (answered && 'message' in answered) return answered.message
      // What is withheld is told from the passages, whether they were asked for or not.
      if (answered) return this.#answerFromPassages(request, await this.#passagesFor(request, recent, retrieved), 'withheld', metadata, answered)
    }
    const because = this.#parts.providers.hasConfigured(allowed) ? 'unreachable' : this.#parts.providers.hasConfigured() ? 'no_consent' : 'no_provider'
    return this.#answerFromPassages(request, retrieved, because, metadata)
  }

  /** What was retrieved; when nothing was, because it was not wanted beside a model, what is found without one. */
  async #passagesFor(request: AnswerRequest, recent: readonly ChatMessage[], retrieved: Retrieved): Promise<Retrieved> {
    return retrieved.results.length > 0 ? retrieved : this.#parts.passages.find(request, recent, false)
  }

  /** What to do now, from the rules alone. */
  async #answerEmergency(request: AnswerRequest, finding: TriageFinding, metadata: () => MessageMetadata): Promise<ChatMessage> {
    const content = [finding.reason ?? '', ...finding.actions.map((action) => `- ${action}`)].filter((line) => line !== '').join('\n')
    return this.#answerAtOnce(request, content, () => ({ ...metadata(), answered_by: 'triage' }), { offer: false })
  }

  async #answerFromPassages(
    request: AnswerRequest,
    retrieved: Retrieved,
    because: PassagesReason,
    metadata: () => MessageMetadata,
    withheld?: Withheld,
  ): Promise<ChatMessage> {
    const { knowledge, texts } = this.#parts
    const reader = { role: request.person.role, userId: request.person.userId }
    const more: MessageMetadata = { passages_because: because, ...(withheld ? { withheld: withheld.reasons } : {}) }
    const { content: question } = request.question
    if (retrieved.metadata.cache === 'none' && !withheld) {
      // A greeting is not worth completing; a question that the documents do not know is.
      const offer = because === 'unreachable' && !isShort(question)
      return this.#answerAtOnce(request, texts.greeting_offline[request.language], () => ({ ...metadata(), ...more, answered_by: 'passages' }), { offer })
    }
    const answer = await knowledge.answerFromPassages({ question, language: request.language, results: retrieved.results, reader })
    return this.#answerAtOnce(
      request,
      answer.content,
      () => ({ ...metadata(), ...retrieved.metadata, ...more, search_results: answer.results, answered_by: 'passages' }),
      { offer: because === 'unreachable', ...(withheld ? { draft: withheld.draft } : {}) },
    )
  }

  async #answerAtOnce(request: AnswerRequest, content: string, metadata: () => MessageMetadata, how: { offer: boolean; draft?: AnswerDraft }): Promise<ChatMessage> {
    const { messages, logger, memory, completions } = this.#parts
    const draft = how.draft ?? (await AnswerDraft.open(request.question, messages, logger))
    if (!how.draft) {
      request.emit({ type: 'started', message_id: draft.messageId, provider: null, model: null })
      request.emit({ type: 'delta', message_id: draft.messageId, text: content })
    }
    const tokenCount = await memory.countTokens(content)
    const answer = { content, state: 'complete' as const, modelUsed: null, tokenCount, metadata: metadata() }
    // In one transaction: an answer that is to be completed is never without its place in the queue.
    const message = how.offer ? await completions.offer(request, (queries) => draft.finish(answer, queries)) : await draft.finish(answer)
    request.emit({ type: 'final', message })
    return message
  }

  /** Streams a provider's answer; null when none gave a word, and what is wrong when it did not pass the check, so that the passages answer. */
  async #answerByProvider(
    request: AnswerRequest,
    retrieved: Retrieved,
    allowed: readonly ProviderName[],
    metadata: () => MessageMetadata,
  ): Promise<{ message: ChatMessage } | Withheld | null> {
    const { memory, messages, byProvider, logger } = this.#parts
    const { provider, model, temperature } = request.preferences
    const prepared = await byProvider.prepare({
      ownerId: request.person.userId,
      question: request.question,
      language: request.language,
      passages: retrieved.results,
      allowed,
      provider: provider ?? null,
      model: model ?? null,
      temperature: temperature ?? null,
    })
    let draft: AnswerDraft | null = null
    let source: { provider: ProviderName; model: string } | null = null
    const finish = async (open: AnswerDraft, state: 'complete' | 'partial' | 'stopped', more: MessageMetadata): Promise<ChatMessage> => {
      const tokenCount = more.completion_tokens ?? (await memory.countTokens(open.content))
      const message = await open.finish({
        state,
        modelUsed: source?.model ?? null,
        tokenCount,
        metadata: { ...metadata(), answered_by: 'provider', prompt_tokens: prepared.tokens, ...(source ? { provider: source.provider } : {}), ...more },
      })
      request.emit({ type: 'final', message })
      return message
    }
    const show = (text: string): void => {
      if (!draft || text === '') return
      draft.append(text)
      request.emit({ type: 'delta', message_id: draft.messageId, text })
    }
    try {
      for await (const event of prepared.ask(request.signal)) {
        switch (event.type) {
          case 'started':
            draft ??= await AnswerDraft.open(request.question, messages, logger)
            await memory.keepPrompt(draft.messageId, prepared.prompt)
            source = { provider: event.provider, model: event.model }
            request.emit({ type: 'started', message_id: draft.messageId, ...source })
            break
          case 'text':
            show(event.text)
            break
          case 'cut':
            // Without a word that may be shown there is nothing to keep.
            if (draft && draft.content.trim() === '') await draft.discard()
            else if (draft) await finish(draft, 'partial', { failure: event.reason, ...droppedCitations(event.citationsDropped), ...(event.withheld.length > 0 ? { withheld: event.withheld } : {}) })
            draft = null
            break
          case 'fallback':
            request.emit(event)
            break
          case 'withheld': {
            const open: AnswerDraft = draft ?? (await AnswerDraft.open(request.question, messages, logger))
            request.emit({ type: 'withheld', message_id: open.messageId, reasons: event.reasons })
            logger.warn({ event: 'answer_withheld', reasons: event.reasons, provider: source?.provider }, 'a model’s answer did not pass the output check')
            return { draft: open, reasons: event.reasons }
          }
          case 'finished': {
            if (!draft) return null
            const { promptTokens, completionTokens } = event.usage
            const message = await finish(draft, 'complete', {
              ...(promptTokens === null ? {} : { prompt_tokens: promptTokens }),
              ...(completionTokens === null ? {} : { completion_tokens: completionTokens }),
              ...droppedCitations(event.citationsDropped),
            })
            return { message }
          }
          case 'exhausted':
            await draft?.discard()
            return null
        }
      }
      await draft?.discard()
      return null
    } catch (error) {
      if (request.signal.aborted) {
        show(prepared.rest())
        return { message: await finish(draft ?? (await AnswerDraft.open(request.question, messages, logger)), 'stopped', droppedCitations(prepared.citationsDropped())) }
      }
      // Whatever went wrong here, the words that came are the person's.
      if (draft) await finish(draft, 'partial', { failure: 'internal' })
      throw error
    }
  }
}

function droppedCitations(count: number): MessageMetadata {
  return count > 0 ? { citations_dropped: count } : {}
}

/**
 * From a stored question to its stored answer, in the order in which it happens:
 * triage by rules; retrieval of passages; a provider's stream with fallback, or the answer from the passages; the final state.
 */
import type { Language } from '../../../shared/contract/common.js'
import type { ChatEvent } from '../../../shared/contract/chat.js'
import type { ChatMessage, MessageMetadata, RetrievalStrategy, SearchResult, TriageFinding } from '../../../shared/contract/conversations.js'
import type { ProviderName } from '../../../shared/contract/common.js'
import type { MessagesStore } from '../conversations/messages-store.js'
import { isClinicalSummary } from '../knowledge/passages/document.js'
import type { KnowledgeService } from '../knowledge/knowledge-service.js'
import type { Logger } from '../logging/logger.js'
import type { InstructionTexts } from '../memory/instructions.js'
import type { MemoryService } from '../memory/memory-service.js'
import type { ProvidersService } from '../providers/providers-service.js'
import type { Caller } from '../transport/handlers.js'
import type { TriageService } from '../triage/triage-service.js'
import { AnswerDraft } from './answer-draft.js'

export interface AnswerPreferences {
  provider?: ProviderName | null | undefined
  model?: string | null | undefined
  temperature?: number | null | undefined
  use_rag: boolean
  strategy: RetrievalStrategy
  top_k: number
}

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
  knowledge: Pick<KnowledgeService, 'shouldRetrieve' | 'retrieve' | 'answerFromPassages'>
  memory: MemoryService
  providers: Pick<ProvidersService, 'hasUsable' | 'complete'>
  texts: InstructionTexts
  logger: Logger
}

interface Retrieved {
  results: SearchResult[]
  metadata: Pick<MessageMetadata, 'search_results' | 'strategy' | 'cache'>
}

const nothingRetrieved: Retrieved = { results: [], metadata: { cache: 'none' } }
/** User and assistant turns that triage reads. */
const triageTurns = 9
/** A question of fewer words than this leans on the one before it when passages are searched. */
const fewWords = 5

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

    const mayAskProvider = finding.level !== 'emergency' && this.#parts.providers.hasUsable(request.preferences.provider)
    const retrieved = await this.#retrieve(request, recent, mayAskProvider)
    if (retrieved.results.length > 0) request.emit({ type: 'sources', sources: retrieved.results })

    const metadata = (): MessageMetadata => ({
      ...retrieved.metadata,
      ...triage,
      language: request.language,
      processing_time_ms: Math.round(performance.now() - startedAt),
    })
    if (finding.level === 'emergency') return this.#answerEmergency(request, finding, metadata)
    if (mayAskProvider) {
      const answered = await this.#answerByProvider(request, retrieved, metadata)
      if (answered) return answered
    }
    return this.#answerFromPassages(request, retrieved, metadata)
  }

  /** Passages for the question, or none when it asks nothing medical or the index cannot answer: an answer is never lost to its sources. */
  async #retrieve(request: AnswerRequest, recent: readonly ChatMessage[], mayAskProvider: boolean): Promise<Retrieved> {
    // Without a provider the passages are all there is, whatever the switch says.
    if (!request.preferences.use_rag && mayAskProvider) return nothingRetrieved
    const { knowledge, logger } = this.#parts
    const query = searchQuery(request.question, recent)
    try {
      if (!(await knowledge.shouldRetrieve(query, request.language))) return nothingRetrieved
      const found = await knowledge.retrieve({
        query,
        strategy: request.preferences.strategy,
        topK: request.preferences.top_k,
        language: request.language,
        reader: { role: request.person.role, userId: request.person.userId },
      })
      // A record summary never leaves the device: with a provider in play it is not a source at all.
      const results = mayAskProvider ? found.results.filter((result) => !isClinicalSummary(result.document_id)) : found.results
      return { results, metadata: { search_results: results, strategy: found.strategy, cache: found.cache } }
    } catch (error) {
      logger.error({ err: error, event: 'retrieval_failed' }, 'retrieval failed; the question is answered without passages')
      return nothingRetrieved
    }
  }

  /** What to do now, from the rules alone. */
  async #answerEmergency(request: AnswerRequest, finding: TriageFinding, metadata: () => MessageMetadata): Promise<ChatMessage> {
    const content = [finding.reason ?? '', ...finding.actions.map((action) => `- ${action}`)].filter((line) => line !== '').join('\n')
    return this.#answerAtOnce(request, content, () => ({ ...metadata(), answered_by: 'triage' }))
  }

  async #answerFromPassages(request: AnswerRequest, retrieved: Retrieved, metadata: () => MessageMetadata): Promise<ChatMessage> {
    const { knowledge, texts } = this.#parts
    if (retrieved.metadata.cache === 'none') {
      return this.#answerAtOnce(request, texts.greeting_offline[request.language], () => ({ ...metadata(), answered_by: 'passages' }))
    }
    const answer = await knowledge.answerFromPassages({ question: request.question.content, language: request.language, results: retrieved.results })
    return this.#answerAtOnce(request, answer.content, () => ({ ...metadata(), search_results: answer.results, answered_by: 'passages' }))
  }

  async #answerAtOnce(request: AnswerRequest, content: string, metadata: () => MessageMetadata): Promise<ChatMessage> {
    const draft = await AnswerDraft.open(request.question, this.#parts.messages, this.#parts.logger)
    request.emit({ type: 'started', message_id: draft.messageId, provider: null, model: null })
    request.emit({ type: 'delta', message_id: draft.messageId, text: content })
    const tokenCount = await this.#parts.memory.countTokens(content)
    const message = await draft.finish({ content, state: 'complete', modelUsed: null, tokenCount, metadata: metadata() })
    request.emit({ type: 'final', message })
    return message
  }

  /** Streams a provider's answer; null when none gave a word, so that the passages answer. */
  async #answerByProvider(request: AnswerRequest, retrieved: Retrieved, metadata: () => MessageMetadata): Promise<ChatMessage | null> {
    const { memory, providers, messages, logger } = this.#parts
    const context = await memory.buildContext({ question: request.question, language: request.language, passages: retrieved.results })
    const stream = providers.complete({
      messages: context.prompt,
      provider: request.preferences.provider ?? null,
      model: request.preferences.model ?? null,
      temperature: request.preferences.temperature ?? null,
      signal: request.signal,
    })
    let draft: AnswerDraft | null = null
    let source: { provider: ProviderName; model: string } | null = null
    const finish = async (open: AnswerDraft, state: 'complete' | 'partial' | 'stopped', more: MessageMetadata): Promise<ChatMessage> => {
      const tokenCount = more.completion_tokens ?? (await memory.countTokens(open.content))
      const message = await open.finish({
        state,
        modelUsed: source?.model ?? null,
        tokenCount,
        metadata: { ...metadata(), answered_by: 'provider', prompt_tokens: context.tokens, ...(source ? { provider: source.provider } : {}), ...more },
      })
      request.emit({ type: 'final', message })
      return message
    }
    try {
      for await (const event of stream) {
        switch (event.type) {
          case 'started':
            draft ??= await AnswerDraft.open(request.question, messages, logger)
            source = { provider: event.provider, model: event.model }
            request.emit({ type: 'started', message_id: draft.messageId, ...source })
            break
          case 'delta':
            draft?.append(event.text)
            if (draft) request.emit({ type: 'delta', message_id: draft.messageId, text: event.text })
            break
          case 'cut':
            if (draft) await finish(draft, 'partial', { failure: event.reason })
            draft = null
            break
          case 'fallback':
            request.emit(event)
            break
          case 'finished': {
            if (!draft) return null
            const { promptTokens, completionTokens } = event.usage
            return await finish(draft, 'complete', {
              ...(promptTokens === null ? {} : { prompt_tokens: promptTokens }),
              ...(completionTokens === null ? {} : { completion_tokens: completionTokens }),
            })
          }
          case 'exhausted':
            await draft?.discard()
            return null
        }
      }
      await draft?.discard()
      return null
    } catch (error) {
      if (request.signal.aborted) return finish(draft ?? (await AnswerDraft.open(request.question, messages, logger)), 'stopped', {})
      // Whatever went wrong here, the words that came are the person's.
      if (draft) await finish(draft, 'partial', { failure: 'internal' })
      throw error
    }
  }
}

/** What is searched for: the question, with the one before it when it is too short to stand alone ("and for my son?"). */
function searchQuery(question: ChatMessage, recent: readonly ChatMessage[]): string {
  if (question.content.trim().split(/\s+/).length >= fewWords) return question.content
  const before = recent.filter((message) => message.role === 'user' && message.message_id !== question.message_id).at(-1)
  return before ? `${before.content}\n${question.content}` : question.content
}

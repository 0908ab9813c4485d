/**
 * A question that found nothing, put in the words of health documents by a provider. Only where one may be asked at all, with the same
 * placeholders as the question itself, and never for longer than a person waits anyway: without an answer in time the search stays empty.
 */
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import type { Language, ProviderName } from '../../../shared/contract/common.js'
import type { InstructionTexts } from '../memory/instructions.js'
import type { Concealments } from '../privacy/concealments.js'
import type { ProvidersService } from '../providers/providers-service.js'

const longestWaitMs = 3_000
const longestQuery = 300

export interface RewritingRequest {
  query: string
  question: ChatMessage
  userId: string
  language: Language
  allowed: readonly ProviderName[]
  signal: AbortSignal
}

export class QueryRewriting {
  readonly #providers: Pick<ProvidersService, 'complete'>
  readonly #concealments: Pick<Concealments, 'ofConversation'>
  readonly #texts: InstructionTexts

  constructor(parts: { providers: Pick<ProvidersService, 'complete'>; concealments: Pick<Concealments, 'ofConversation'>; texts: InstructionTexts }) {
    this.#providers = parts.providers
    this.#concealments = parts.concealments
    this.#texts = parts.texts
  }

  /** One line to search for in place of the question, or null when no provider gave one in time. Throws only when the person stopped. */
  async rewrite({ query, question, userId, language, allowed, signal }: RewritingRequest): Promise<string | null> {
    const concealment = await this.#concealments.ofConversation(question.conversation_id, userId, question.sequence)
    let text = ''
    try {
      const stream = this.#providers.complete({
        messages: [
          { role: 'system', content: this.#texts.rewrite[language] },
          { role: 'user', content: concealment.hide(query) },
        ],
        temperature: 0,
        maximumTokens: 60,
        allowed,
        signal: AbortSignal.any([signal, AbortSignal.timeout(longestWaitMs)]),
      })
      for await (const event of stream) {
        if (event.type === 'delta') text += event.text
        else if (event.type === 'cut') text = ''
        else if (event.type === 'finished') {
          const line = concealment.restore(text).replace(/\s+/g, ' ').trim()
          return line === '' || line.length > longestQuery ? null : line
        }
      }
    } catch (error) {
      signal.throwIfAborted()
      // Too late is no failure: the search found nothing before, and still does.
      if (!(error instanceof Error) || !['TimeoutError', 'AbortError', 'ContractError'].includes(error.name)) throw error
    }
    return null
  }
}

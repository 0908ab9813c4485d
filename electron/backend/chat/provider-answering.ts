/**
 * An answer by a provider, from the prompt to the last sentence that may be shown. What leaves has placeholders for whoever it names; what comes
 * back passes the gate. Knows nothing of messages on the disk: asking and completing both use it.
 */
import type { Language, ProviderName } from '../../../shared/contract/common.js'
import type { ChatMessage, OutputFailure, SearchResult } from '../../../shared/contract/conversations.js'
import type { Lexicon } from '../knowledge/language/lexicon.js'
import type { MemoryService } from '../memory/memory-service.js'
import type { Concealments } from '../privacy/concealments.js'
import type { PromptMessage, TokenUsage } from '../providers/completion.js'
import type { FailureReason } from '../providers/provider-failure.js'
import type { ProvidersService } from '../providers/providers-service.js'
import { CitedPassage } from './citations/citation-support.js'
import type { OutputCheck } from './output-check/output-check.js'
import { asData } from './passages-as-data.js'
import { AnswerGate } from './stream/answer-gate.js'

export interface ProviderAnsweringParts {
  providers: Pick<ProvidersService, 'complete'>
  memory: Pick<MemoryService, 'buildContext' | 'pinned'>
  messages: { between(conversationId: string, afterSequence: number, beforeSequence: number): Promise<ChatMessage[]> }
  concealments: Concealments
  check: OutputCheck
  lexicon: () => Promise<Lexicon>
}

export interface ProviderQuestion {
  ownerId: string
  question: ChatMessage
  language: Language
  passages: readonly SearchResult[]
  /** The only providers that may see it. */
  allowed: readonly ProviderName[]
  provider: ProviderName | null
  model: string | null
  temperature: number | null
}

/**
 * As `CompletionEvent`, with text that may be shown. `withheld` ends the stream: the sentence after the text so far did not pass.
 * `cut` carries what is wrong with the last words, which are then not among the text.
 */
export type ProviderAnswerEvent =
  | { type: 'started'; provider: ProviderName; model: string }
  | { type: 'text'; text: string }
  | { type: 'cut'; reason: FailureReason; citationsDropped: number; withheld: OutputFailure[] }
  | { type: 'fallback'; from: ProviderName; to: ProviderName | null; reason: FailureReason }
  | { type: 'withheld'; reasons: OutputFailure[] }
  | { type: 'finished'; usage: TokenUsage; citationsDropped: number }
  | { type: 'exhausted'; reason: FailureReason }

export interface PreparedAnswer {
  /** As it is sent, placeholders and all. */
  prompt: readonly PromptMessage[]
  tokens: number
  /** Asks. Throws an AbortError as soon as the signal aborts; `rest` then gives the words that came and may be shown. */
  ask(signal: AbortSignal): AsyncGenerator<ProviderAnswerEvent, void>
  /** After a stop: what came since the last whole sentence, if it passes. */
  rest(): string
  citationsDropped(): number
}

export class ProviderAnswering {
  readonly #parts: ProviderAnsweringParts

  constructor(parts: ProviderAnsweringParts) {
    this.#parts = parts
  }

  async prepare(request: ProviderQuestion): Promise<PreparedAnswer> {
    const { memory, messages, concealments, check, lexicon, providers } = this.#parts
    const { question, language, passages } = request
    const { conversation_id: conversationId, sequence } = question
    const [concealment, pinned, earlier, words] = await Promise.all([
      concealments.ofConversation(conversationId, request.ownerId, sequence),
      memory.pinned(conversationId),
      messages.between(conversationId, 0, sequence + 1),
      lexicon(),
    ])
    const hide = (text: string): string => concealment.hide(text)
    const context = await memory.buildContext({ question, language, passages: passages.map((passage) => asData(passage, hide)) })
    const prompt = context.prompt.map((message) => ({ ...message, content: hide(message.content) }))

    const read = passages.map((passage) => ({ text: [passage.title, passage.heading ?? '', passage.passage].join('\n'), cited: new CitedPassage(passage, words) }))
    const said = earlier.filter((message) => message.role === 'user').map((message) => message.content)
    const newGate = (): AnswerGate =>
      new AnswerGate({ language, passages: read, check: check.begin({ language, messages: said, pinned }), restore: (text) => concealment.restore(text) })
    let gate = newGate()

    async function* ask(signal: AbortSignal): AsyncGenerator<ProviderAnswerEvent, void> {
      const { allowed, provider, model, temperature } = request
      for await (const event of providers.complete({ messages: prompt, provider, model, temperature, allowed, signal })) {
        switch (event.type) {
          case 'started':
            gate = newGate()
            yield event
            break
          case 'delta':
          case 'finished': {
            const passed = event.type === 'delta' ? gate.push(event.text) : gate.end()
            if (passed.text !== '') yield { type: 'text', text: passed.text }
            if (passed.failures.length > 0) {
              // Leaving the loop ends the provider's stream.
              yield { type: 'withheld', reasons: passed.failures }
              return
            }
            if (event.type === 'finished') yield { type: 'finished', usage: event.usage, citationsDropped: gate.citationsDropped }
            break
          }
          case 'cut': {
            const passed = gate.end()
            if (passed.text !== '') yield { type: 'text', text: passed.text }
            yield { type: 'cut', reason: event.reason, citationsDropped: gate.citationsDropped, withheld: passed.failures }
            break
          }
          case 'fallback':
          case 'exhausted':
            yield event
            break
        }
      }
    }
    return { prompt, tokens: context.tokens, ask, rest: () => gate.end().text, citationsDropped: () => gate.citationsDropped }
  }
}

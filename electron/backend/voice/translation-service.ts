/**
 * Messages in the other language. A translation is a machine's and is labelled so; it is made once and kept beside the message. What leaves has
 * placeholders for whoever it names; a translation that changed a number or a dose is thrown away.
 */
import { and, eq } from 'drizzle-orm'
import type { Language, ProviderName } from '../../../shared/contract/common.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { MessageTranslation } from '../../../shared/contract/voice.js'
import type { ConversationsService } from '../conversations/conversations-service.js'
import type { Database } from '../database/database.js'
import type { Concealments } from '../privacy/concealments.js'
import type { ConsentService } from '../privacy/consent-service.js'
import type { PromptMessage } from '../providers/completion.js'
import type { ProvidersService } from '../providers/providers-service.js'
import type { Caller } from '../transport/handlers.js'
import { keepsNumbers } from './keeps-numbers.js'
import { messageTranslations } from './tables.js'

export interface TranslationServiceParts {
  database: Database
  conversations: Pick<ConversationsService, 'ownedMessage'>
  providers: Pick<ProvidersService, 'complete' | 'hasConfigured'>
  consent: Pick<ConsentService, 'allowedProviders'>
  concealments: Pick<Concealments, 'ofConversation'>
  detectLanguage: (text: string, fallback: Language) => Language
  /** What the model is told, by the language to translate into. */
  instructions: Readonly<Record<Language, string>>
}

/** Tries at a translation that keeps the numbers. */
const attempts = 2

interface Translated {
  text: string
  provider: ProviderName
  model: string
}

export interface TranslationRequest {
  messageId: string
  into: Language | null
  windowLanguage: Language
  signal: AbortSignal
}

export class TranslationService {
  readonly #parts: TranslationServiceParts

  constructor(parts: TranslationServiceParts) {
    this.#parts = parts
  }

  /**
   * A message of the person's own conversations in a language, without one in the other language of the two. Throws `not_found`, `forbidden`,
   * `conversation_busy` while it is written, `same_language`, `translation_needs_consent`, `translation_unavailable`, `translation_unreliable`.
   */
  async translate(person: Caller, { messageId, into, windowLanguage, signal }: TranslationRequest): Promise<MessageTranslation> {
    const message = await this.#parts.conversations.ownedMessage(person.userId, messageId)
    if (message.state === 'streaming') throw new ContractError('conversation_busy')
    // Where its words do not tell, a message is in the language from which it is to be translated, or else in the window's.
    const spoken = message.message_metadata.language ?? this.#parts.detectLanguage(message.content, into ? otherThan(into) : windowLanguage)
    const language = into ?? otherThan(spoken)
    if (spoken === language || message.content.trim() === '') throw new ContractError('same_language')
    const kept = await this.#kept(messageId, language)
    if (kept) return kept

    const { consent, providers, concealments } = this.#parts
    const allowed = await consent.allowedProviders(person)
    if (!providers.hasConfigured(allowed)) throw new ContractError(providers.hasConfigured() ? 'translation_needs_consent' : 'translation_unavailable')
    const concealment = await concealments.ofConversation(message.conversation_id, person.userId, message.sequence)
    const hidden = concealment.hide(message.content)
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const translated = await this.#ask(hidden, language, allowed, signal)
      if (!translated) throw new ContractError('translation_unavailable')
      if (!keepsNumbers(hidden, translated.text)) continue
      return this.#keep(messageId, language, { ...translated, text: concealment.restore(translated.text) })
    }
    throw new ContractError('translation_unreliable')
  }

  /** Null when no provider finished one. */
  async #ask(text: string, language: Language, allowed: readonly ProviderName[], signal: AbortSignal): Promise<Translated | null> {
    const messages: PromptMessage[] = [
      { role: 'system', content: this.#parts.instructions[language] },
      { role: 'user', content: text },
    ]
    let translated = ''
    for await (const event of this.#parts.providers.complete({ messages, temperature: 0, allowed, signal })) {
      if (event.type === 'started') translated = ''
      else if (event.type === 'delta') translated += event.text
      else if (event.type === 'cut') translated = ''
      // Half a translation of advice about health is none.
      else if (event.type === 'finished') return event.finishReason === 'length' ? null : { text: translated.trim(), provider: event.provider, model: event.model }
    }
    return null
  }

  async #kept(messageId: string, language: Language): Promise<MessageTranslation | null> {
    const [row] = await this.#parts.database.drizzle
      .select()
      .from(messageTranslations)
      .where(and(eq(messageTranslations.messageId, messageId), eq(messageTranslations.lang, language)))
    return row ? { message_id: messageId, language, text: row.content, machine: true, provider: row.provider, model: row.model } : null
  }

  async #keep(messageId: string, language: Language, { text, provider, model }: Translated): Promise<MessageTranslation> {
    await this.#parts.database.drizzle.insert(messageTranslations).values({ messageId, lang: language, content: text, provider, model: model.slice(0, 120) }).onConflictDoNothing()
    const kept = await this.#kept(messageId, language)
    if (!kept) throw new ContractError('internal')
    return kept
  }
}

function otherThan(language: Language): Language {
  return language === 'en' ? 'fr' : 'en'
}

/** Binds the contract's voice methods to the services. */
import { answerPreferences } from '../../../shared/contract/chat.js'
import { maximumMessageLength } from '../../../shared/contract/common.js'
import type { ChatService } from '../chat/chat-service.js'
import type { ConversationsService } from '../conversations/conversations-service.js'
import type { DomainHandlers } from '../transport/handlers.js'
import type { SpeechService } from './speech-service.js'
import type { TranslationService } from './translation-service.js'

export interface VoiceHandlersParts {
  speech: SpeechService
  translation: TranslationService
  chat: Pick<ChatService, 'send'>
  conversations: Pick<ConversationsService, 'get'>
}

export function voiceHandlers({ speech, translation, chat, conversations }: VoiceHandlersParts): DomainHandlers<'voice'> {
  return {
    transcribe: ({ audio, language }, { person, signal, language: windowLanguage }) => speech.transcribe({ person, audio, language: language ?? null, windowLanguage, signal }),
    ask: async ({ audio, language, conversation_id, provider, client_message_id }, context) => {
      const { person, signal, language: windowLanguage } = context
      // Somebody else's conversation is refused before anything is heard.
      if (conversation_id) await conversations.get(person.userId, conversation_id)
      const transcription = await speech.transcribe({ person, audio, language: language ?? null, windowLanguage, signal })
      context.emit({ type: 'transcription', transcription })
      const { detected_language: detected, transcribed_text: text } = transcription
      const answered = await chat.send(
        {
          ...answerPreferences.parse({ provider }),
          message: text.slice(0, maximumMessageLength),
          conversation_id: conversation_id ?? null,
          ...(client_message_id === undefined ? {} : { client_message_id }),
          ...(detected === 'en' || detected === 'fr' ? { language: detected } : {}),
        },
        context,
      )
      return { ...transcription, ...answered }
    },
    formats: () => speech.formats(),
    translate: ({ message_id, language }, { person, signal, language: windowLanguage }) =>
      translation.translate(person, { messageId: message_id, into: language ?? null, windowLanguage, signal }),
  }
}

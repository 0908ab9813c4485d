import { useStore } from 'zustand'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import type { MessageTranslation } from '../../../shared/contract/voice.js'
import { useWorkspace } from '../../app/workspace.js'

/** The translation that stands in the place of a message, or null while the message stands as it was written. */
export function useTranslationOf(message: ChatMessage): MessageTranslation | null {
  return useStore(useWorkspace().voice, ({ translations }) => {
    const entry = translations[message.message_id]
    return entry?.shown ? entry.translation : null
  })
}

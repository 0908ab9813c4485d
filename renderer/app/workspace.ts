import { createContext, useContext } from 'react'
import type { Client } from '../../shared/contract/client.js'
import { createChatStore, type ChatStore } from '../features/chat/chat-store.js'
import { createDocumentsStore, type DocumentsStore } from '../features/documents/documents-store.js'
import { createConsentStore, type ConsentStore } from '../features/consent/consent-store.js'
import { createConversationsStore, type ConversationsStore } from '../features/conversations/conversations-store.js'
import { createPreferencesStore, type PreferencesStore } from '../features/settings/preferences-store.js'
import { createSourcesStore, type SourcesStore } from '../features/sources/sources-store.js'
import { createReadAloudStore, type ReadAloudStore } from '../features/voice/read-aloud-store.js'
import { createVoiceStore, type VoiceStore } from '../features/voice/voice-store.js'

/** Everything that belongs to one signed-in person. It is made at sign-in and dropped whole at sign-out, so nothing of theirs stays behind. */
export interface Workspace {
  conversations: ConversationsStore
  chat: ChatStore
  preferences: PreferencesStore
  consent: ConsentStore
  sources: SourcesStore
  documents: DocumentsStore
  voice: VoiceStore
  readAloud: ReadAloudStore
  /** Stops every stream of this person. */
  close(): void
}

export function createWorkspace(client: Client): Workspace {
  const conversations = createConversationsStore(client)
  const preferences = createPreferencesStore(client)
  const documents = createDocumentsStore(client)
  const chat = createChatStore({ client, conversations, preferences, chosenDocuments: () => documents.getState().chosen })
  const sources = createSourcesStore(client)
  const voice = createVoiceStore({ client, chat, preferences })
  const readAloud = createReadAloudStore({ synthesis: window.speechSynthesis ?? null })
  return {
    conversations,
    chat,
    preferences,
    consent: createConsentStore(client),
    sources,
    documents,
    voice,
    readAloud,
    close: () => {
      chat.close()
      documents.close()
      voice.close()
      readAloud.stop()
    },
  }
}

export const WorkspaceContext = createContext<Workspace | null>(null)

/** The signed-in person's workspace. @throws Error when nobody is signed in. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error('WorkspaceContext is missing')
  return workspace
}

import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { isNewConversation } from '../conversations/conversations-store.js'
import { ChatHeader } from './chat-header.js'
import { Composer } from './composer.js'
import { EmptyConversation } from './empty-conversation.js'
import { MessageList } from './message-list.js'
import { emptyThread } from './thread.js'

/** The open conversation. */
export function ChatScreen({ onOpenList }: { onOpenList?: () => void }) {
  const { t } = useTranslation()
  const { chat, conversations } = useWorkspace()
  const { connection } = useServices()
  const selected = useStore(conversations, (state) => state.selected)
  const thread = useStore(chat, (state) => state.threads[selected] ?? emptyThread)
  const connected = useStore(connection, (state) => state.status === 'connected')
  useEffect(() => {
    if (connected) void chat.open(selected)
  }, [chat, selected, connected])

  const nothingYet = thread.messages.length === 0 && !thread.activity
  return (
    <>
      <ChatHeader conversationKey={selected} {...(onOpenList ? { onOpenList } : {})} />
      {nothingYet && (isNewConversation(selected) || thread.status === 'ready') && <EmptyConversation conversationKey={selected} />}
      {nothingYet && !isNewConversation(selected) && thread.status !== 'ready' && (
        <div className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-soft">
          {thread.status === 'failed' ? (
            <>
              <p>{t('chat.not_loaded')}</p>
              <Button onClick={() => void chat.open(selected)}>{t('common.try_again')}</Button>
            </>
          ) : (
            <p role="status">{t('common.loading')}</p>
          )}
        </div>
      )}
      {!nothingYet && <MessageList key={selected} conversationKey={selected} thread={thread} />}
      <Composer key={`composer ${selected}`} conversationKey={selected} thread={thread} />
    </>
  )
}

import { Menu, Pencil, Star } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { IconButton } from '../../components/icon-button.js'
import { RememberedButton } from '../memory/remembered-button.js'
import { RenameDialog } from '../conversations/rename-dialog.js'
import { AnswerOptions } from './answer-options.js'

/** The conversation's title, which can be changed, and how its answers are made. */
export function ChatHeader({ conversationKey, onOpenList }: { conversationKey: string; onOpenList?: () => void }) {
  const { t } = useTranslation()
  const { conversations } = useWorkspace()
  const attempt = useAttempt()
  const conversation = useStore(conversations, (state) => state.items.find((item) => item.conversation_id === conversationKey))
  const [renaming, setRenaming] = useState(false)
  const title = conversation ? (conversation.title ?? t('conversations.untitled')) : t('conversations.new')
  return (
    <header className="flex items-center gap-1 border-b border-line px-2 py-2 sm:px-4">
      {onOpenList && <IconButton label={t('conversations.show')} data-testid="open-list" icon={<Menu aria-hidden className="size-5.5" />} onClick={onOpenList} />}
      <h1 data-testid="conversation-title" className="min-w-0 truncate px-2 text-lg font-semibold">
        {title}
      </h1>
      {conversation && (
        <>
          <IconButton label={t('conversations.rename')} data-testid="rename" icon={<Pencil aria-hidden className="size-4.5" />} onClick={() => setRenaming(true)} />
          <span className="hidden sm:contents">
            <IconButton
              label={conversation.is_favorite ? t('conversations.unfavorite') : t('conversations.make_favorite')}
              aria-pressed={conversation.is_favorite}
              data-testid="favorite"
              icon={<Star aria-hidden className={conversation.is_favorite ? 'size-5 fill-current' : 'size-5'} />}
              onClick={() => void attempt(() => conversations.setFavorite(conversation.conversation_id, !conversation.is_favorite))}
            />
          </span>
        </>
      )}
      <div className="flex-1" />
      {conversation && <RememberedButton conversationKey={conversation.conversation_id} />}
      <AnswerOptions />
      {renaming && conversation && <RenameDialog conversation={conversation} onClose={() => setRenaming(false)} />}
    </header>
  )
}

import clsx from 'clsx'
import { EllipsisVertical, FileText, Pencil, Star, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../shared/contract/conversations.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useLanguage } from '../../app/use-language.js'
import { useUndo } from '../../app/use-undo.js'
import { useWorkspace } from '../../app/workspace.js'
import { IconButton } from '../../components/icon-button.js'
import { formatMoment } from '../../components/format-moment.js'
import { RenameDialog } from './rename-dialog.js'

const itemClass = 'touch flex cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-highlighted:bg-primary-soft'

/** One row of the list, with its menu. */
export function ConversationItem({ conversation, open, onOpen }: { conversation: Conversation; open: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { conversations } = useWorkspace()
  const attempt = useAttempt()
  const undo = useUndo()
  const [renaming, setRenaming] = useState(false)
  const { conversation_id: id, is_favorite: favorite } = conversation
  const title = conversation.title ?? t('conversations.untitled')
  const remove = (): Promise<void> =>
    undo({ text: t('conversations.deleted'), remove: () => conversations.remove(id), restore: () => conversations.restore(id) })
  return (
    <div className={clsx('group flex items-center rounded-xl', open ? 'bg-primary-soft' : 'hover:bg-surface')}>
      <button
        type="button"
        data-open
        data-testid="conversation-item"
        aria-current={open ? 'page' : undefined}
        onClick={onOpen}
        className="flex min-h-14 min-w-0 flex-1 flex-col justify-center rounded-xl py-1.5 pl-3 text-left"
      >
        <span className="flex w-full items-center gap-1.5">
          {favorite && <Star aria-label={t('conversations.favorite')} role="img" className="size-4 shrink-0 fill-current text-primary" />}
          <span className={clsx('truncate', open && 'font-semibold')}>{title}</span>
        </span>
        <span className="flex items-center gap-1.5 text-sm text-soft">
          {formatMoment(conversation.updated_at, language)}
          <span aria-hidden>{t('common.dot')}</span>
          {t('conversations.messages', { count: conversation.message_count })}
          {conversation.conversation_type === 'rag_query' && (
            <span className="ml-1 inline-flex items-center gap-1 rounded-md border border-line px-1.5">
              <FileText aria-hidden className="size-3.5" />
              {t('conversations.documents')}
            </span>
          )}
        </span>
      </button>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <IconButton
            label={t('conversations.menu', { title })}
            data-testid="conversation-menu"
            icon={<EllipsisVertical aria-hidden className="size-5" />}
          />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" className="animate-appear z-50 min-w-52 rounded-xl border border-line bg-raised p-1.5 text-ink shadow-lift">
            <DropdownMenu.Item data-testid="conversation-rename" className={itemClass} onSelect={() => setRenaming(true)}>
              <Pencil aria-hidden className="size-4.5 text-soft" />
              {t('conversations.rename')}
            </DropdownMenu.Item>
            <DropdownMenu.Item data-testid="conversation-favorite" className={itemClass} onSelect={() => void attempt(() => conversations.setFavorite(id, !favorite))}>
              <Star aria-hidden className="size-4.5 text-soft" />
              {favorite ? t('conversations.unfavorite') : t('conversations.make_favorite')}
            </DropdownMenu.Item>
            <DropdownMenu.Item data-testid="conversation-delete" className={clsx(itemClass, 'text-danger')} onSelect={() => void remove()}>
              <Trash2 aria-hidden className="size-4.5" />
              {t('common.delete')}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {renaming && <RenameDialog conversation={conversation} onClose={() => setRenaming(false)} />}
    </div>
  )
}

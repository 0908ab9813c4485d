import { Copy, LoaderCircle, Pencil, Trash2 } from 'lucide-react'
import { memo, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import { maximumMessageLength } from '../../../shared/contract/common.js'
import { useLanguage } from '../../app/use-language.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { formatTime } from '../../components/format-moment.js'
import { IconButton } from '../../components/icon-button.js'
import { TranslateButton } from '../voice/translate-button.js'
import { TranslationLabel } from '../voice/translation-label.js'
import { useTranslationOf } from '../voice/use-translation-of.js'
import { useMessageActions } from './use-message-actions.js'

const bubble = 'max-w-[88%] rounded-3xl rounded-br-lg bg-primary-soft px-4.5 py-3 text-[1.0625rem] whitespace-pre-wrap [overflow-wrap:anywhere]'

/** A question that is not on the disk yet. */
export function UnsavedQuestion({ text }: { text: string }) {
  const { t } = useTranslation()
  return (
    <article data-read-from className="flex flex-col items-end gap-1">
      <h2 className="sr-only">{t('chat.you')}</h2>
      <div className={`${bubble} opacity-70`}>{text}</div>
      <p data-testid="saving" className="flex items-center gap-1.5 pr-2 text-sm text-soft">
        <LoaderCircle aria-hidden className="size-4 animate-spin" />
        {t('status.saving')}
      </p>
    </article>
  )
}

export interface QuestionMessageProps {
  conversationKey: string
  message: ChatMessage
  busy: boolean
}

/** A question on the disk: it can be changed and asked again, copied, deleted. */
export const QuestionMessage = memo(function QuestionMessage({ conversationKey, message, busy }: QuestionMessageProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { chat } = useWorkspace()
  const { copy, remove } = useMessageActions(conversationKey, message)
  const translation = useTranslationOf(message)
  const [changed, setChanged] = useState<string | null>(null)

  const askAgain = (): void => {
    if (changed === null || changed.trim() === '') return
    setChanged(null)
    void chat.edit(conversationKey, message.message_id, changed.trim())
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setChanged(null)
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    askAgain()
  }

  if (changed !== null) {
    return (
      <form
        className="flex flex-col gap-3 rounded-2xl border border-line-strong bg-surface p-3"
        onSubmit={(event) => {
          event.preventDefault()
          askAgain()
        }}
      >
        <textarea
          ref={(element) => element?.focus()}
          data-testid="edit-question"
          aria-label={t('chat.edit')}
          value={changed}
          maxLength={maximumMessageLength}
          onChange={(event) => setChanged(event.target.value)}
          onKeyDown={press}
          className="field-sizing-content max-h-60 min-h-20 resize-none rounded-xl bg-transparent px-2 py-1 text-[1.0625rem]"
        />
        <p className="px-2 text-sm text-soft">{t('chat.edit_note')}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={() => setChanged(null)}>{t('common.cancel')}</Button>
          <Button type="submit" tone="primary" disabled={changed.trim() === ''} data-testid="edit-send">
            {t('chat.ask_again')}
          </Button>
        </div>
      </form>
    )
  }
  return (
    <article data-read-from data-testid="message-user" data-message-id={message.message_id} className="flex flex-col items-end rounded-3xl outline-offset-4 data-marked:outline-2 data-marked:outline-primary">
      <h2 className="sr-only">{t('chat.you')}</h2>
      <div className={bubble} lang={translation?.language ?? message.message_metadata.language} data-testid={translation ? 'translation' : undefined}>
        {translation?.text ?? message.content}
      </div>
      {translation && <TranslationLabel translation={translation} />}
      <div className="flex items-center text-sm text-soft">
        <time dateTime={message.timestamp} className="pr-1">
          {formatTime(message.timestamp, language)}
        </time>
        <IconButton label={t('chat.edit')} data-testid="edit" disabled={busy} icon={<Pencil aria-hidden className="size-4.5" />} onClick={() => setChanged(message.content)} />
        <IconButton label={t('chat.copy')} data-testid="copy" icon={<Copy aria-hidden className="size-4.5" />} onClick={copy} />
        <TranslateButton message={message} />
        <IconButton label={t('chat.delete_message')} data-testid="delete-message" disabled={busy} icon={<Trash2 aria-hidden className="size-4.5" />} onClick={remove} />
      </div>
    </article>
  )
})

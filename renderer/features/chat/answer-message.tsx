import { BookOpenText, CircleSlash, Copy, RotateCcw, ThumbsDown, ThumbsUp, Trash2, Unplug } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useLanguage } from '../../app/use-language.js'
import { useWorkspace } from '../../app/workspace.js'
import { formatTime } from '../../components/format-moment.js'
import { IconButton } from '../../components/icon-button.js'
import { TriageCard } from '../emergency/triage-card.js'
import { SentPromptButton } from '../memory/sent-prompt-button.js'
import { SourceCards } from '../sources/source-cards.js'
import { AnswerFrame } from './answer-frame.js'
import { Markdown } from './markdown.js'
import { useMessageActions } from './use-message-actions.js'

function Label({ icon, children, testId }: { icon: ReactNode; children: ReactNode; testId: string }) {
  return (
    <p data-testid={testId} className="flex items-start gap-2 rounded-xl bg-sunken px-3 py-2 text-sm text-soft">
      {icon}
      {children}
    </p>
  )
}

/** How an answer came to be, when that is not the usual way. */
function Labels({ message }: { message: ChatMessage }) {
  const { t } = useTranslation()
  return (
    <>
      {message.state === 'partial' && (
        <Label testId="label-partial" icon={<Unplug aria-hidden className="mt-0.5 size-4 shrink-0" />}>
          {t('chat.partial')}
        </Label>
      )}
      {message.state === 'stopped' && (
        <Label testId="label-stopped" icon={<CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0" />}>
          {t('chat.stopped')}
        </Label>
      )}
      {message.message_metadata.answered_by === 'passages' && (
        <Label testId="label-passages" icon={<BookOpenText aria-hidden className="mt-0.5 size-4 shrink-0" />}>
          {t('chat.from_documents')}
        </Label>
      )}
    </>
  )
}

export interface AnswerMessageProps {
  conversationKey: string
  message: ChatMessage
  rating: 'helpful' | 'not_helpful' | undefined
  busy: boolean
}

/** A finished answer with its warning, its sources and what can be done with it. */
export const AnswerMessage = memo(function AnswerMessage({ conversationKey, message, rating, busy }: AnswerMessageProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { chat } = useWorkspace()
  const attempt = useAttempt()
  const { copy, remove } = useMessageActions(conversationKey, message)
  const { triage, search_results: sources = [], answered_by: answeredBy } = message.message_metadata
  const alarming = triage && triage.level !== 'routine' ? triage : null
  const cardSaysAll = answeredBy === 'triage' && alarming !== null
  const rate = (value: 'helpful' | 'not_helpful') => (): void => void attempt(() => chat.rate(conversationKey, message.message_id, value))
  const actions = (
    <div className="-ml-2.5 flex flex-wrap items-center text-sm text-soft">
      <IconButton
        label={t('chat.helpful')}
        data-testid="rate-helpful"
        aria-pressed={rating === 'helpful'}
        icon={<ThumbsUp aria-hidden className={rating === 'helpful' ? 'size-4.5 fill-current' : 'size-4.5'} />}
        onClick={rate('helpful')}
      />
      <IconButton
        label={t('chat.not_helpful')}
        data-testid="rate-not-helpful"
        aria-pressed={rating === 'not_helpful'}
        icon={<ThumbsDown aria-hidden className={rating === 'not_helpful' ? 'size-4.5 fill-current' : 'size-4.5'} />}
        onClick={rate('not_helpful')}
      />
      <IconButton label={t('chat.copy')} data-testid="copy" icon={<Copy aria-hidden className="size-4.5" />} onClick={copy} />
      <IconButton
        label={t('chat.regenerate')}
        data-testid="regenerate"
        disabled={busy}
        icon={<RotateCcw aria-hidden className="size-4.5" />}
        onClick={() => void chat.regenerate(conversationKey, message.message_id)}
      />
      <SentPromptButton message={message} />
      <IconButton label={t('chat.delete_message')} data-testid="delete-message" disabled={busy} icon={<Trash2 aria-hidden className="size-4.5" />} onClick={remove} />
      <p className="flex flex-wrap items-center gap-x-2 pl-1">
        <time dateTime={message.timestamp}>{formatTime(message.timestamp, language)}</time>
        {message.model_used && (
          <span data-testid="model">
            {t('chat.model', { model: message.model_used })}
          </span>
        )}
      </p>
    </div>
  )
  return (
    <AnswerFrame language={message.message_metadata.language} testId="message-assistant" after={actions}>
      {alarming && <TriageCard finding={alarming} />}
      {!cardSaysAll && message.content !== '' && <Markdown text={message.content} sources={sources} />}
      <Labels message={message} />
      {sources.length > 0 && <SourceCards sources={sources} />}
    </AnswerFrame>
  )
})

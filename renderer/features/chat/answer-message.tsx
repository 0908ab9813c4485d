import { Copy, RotateCcw, ThumbsDown, ThumbsUp, Trash2 } from 'lucide-react'
import { memo } from 'react'
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
import { ReadAloudButton } from '../voice/read-aloud-button.js'
import { TranslateButton } from '../voice/translate-button.js'
import { TranslationLabel } from '../voice/translation-label.js'
import { useTranslationOf } from '../voice/use-translation-of.js'
import { AnswerFrame } from './answer-frame.js'
import { AnswerLabels, AnswerNotices } from './answer-labels.js'
import { Markdown } from './markdown.js'
import { useMessageActions } from './use-message-actions.js'

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
  const translation = useTranslationOf(message)
  const spoken = translation?.text ?? message.content
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
      {spoken !== '' && <ReadAloudButton messageId={message.message_id} text={spoken} language={translation?.language ?? message.message_metadata.language ?? language} />}
      <TranslateButton message={message} />
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
      <AnswerNotices conversationKey={conversationKey} message={message} busy={busy} />
      {translation && (
        <div lang={translation.language} data-testid="translation" className="flex flex-col gap-3">
          <Markdown text={translation.text} sources={sources} />
          <TranslationLabel translation={translation} />
        </div>
      )}
      {!translation && !cardSaysAll && message.content !== '' && <Markdown text={message.content} sources={sources} />}
      <AnswerLabels conversationKey={conversationKey} message={message} />
      {sources.length > 0 && <SourceCards sources={sources} />}
    </AnswerFrame>
  )
})

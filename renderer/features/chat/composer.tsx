import clsx from 'clsx'
import { ArrowUp, Square } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { maximumMessageLength } from '../../../shared/contract/common.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { DocumentChoice } from '../documents/document-choice.js'
import { VoiceBar } from '../voice/voice-bar.js'
import { VoiceButtons } from '../voice/voice-buttons.js'
import type { Thread } from './thread.js'

/** From how many characters on the counter is shown. */
const counterFrom = maximumMessageLength * 0.9

/** Where a question is written: Enter sends, Shift and Enter begin a line. */
export function Composer({ conversationKey, thread }: { conversationKey: string; thread: Thread }) {
  const { t, i18n } = useTranslation()
  const { chat } = useWorkspace()
  const attempt = useAttempt()
  const area = useRef<HTMLTextAreaElement>(null)
  const { draft, activity } = thread
  const tooLong = draft.trim().length > maximumMessageLength
  const sendable = draft.trim() !== '' && !tooLong && !activity
  const number = new Intl.NumberFormat(i18n.language)

  useEffect(() => {
    // On a touch screen the focus would open the on-screen keyboard over the suggestions.
    if (window.matchMedia('(pointer: fine)').matches) area.current?.focus()
  }, [])

  const send = (): void => {
    if (sendable) void chat.send(conversationKey)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <div className="px-3 pt-2 pb-2 sm:px-6">
      <form
        className="mx-auto w-full max-w-3xl"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <DocumentChoice />
        <VoiceBar conversationKey={conversationKey} />
        <div className="flex items-end gap-2 rounded-3xl border border-line-strong bg-raised p-1.5 shadow-card focus-within:border-focus focus-within:ring-2 focus-within:ring-focus">
          <textarea
            ref={area}
            data-composer
            data-testid="composer"
            aria-label={t('composer.label')}
            aria-describedby="composer-note"
            aria-invalid={tooLong || undefined}
            placeholder={t('composer.placeholder')}
            rows={1}
            value={draft}
            onChange={(event) => chat.setDraft(conversationKey, event.target.value)}
            onKeyDown={press}
            className="field-sizing-content max-h-52 min-h-12 flex-1 resize-none bg-transparent px-3.5 py-2.5 text-[1.0625rem] outline-none"
          />
          <VoiceButtons conversationKey={conversationKey} disabled={activity !== null} />
          {activity && activity.phase !== 'saving' ? (
            <button
              type="button"
              data-testid="stop"
              disabled={activity.stopping}
              onClick={() => void attempt(() => chat.stop(conversationKey))}
              className="inline-flex h-12 shrink-0 items-center gap-2 rounded-full bg-ink px-4 font-medium text-paper disabled:opacity-60"
            >
              <Square aria-hidden className="size-4 fill-current" />
              {t('composer.stop')}
            </button>
          ) : (
            <button
              type="submit"
              data-testid="send"
              disabled={!sendable}
              aria-label={t('composer.send')}
              title={t('composer.send')}
              className="inline-flex size-12 shrink-0 items-center justify-center rounded-full bg-primary text-on-primary transition-colors hover:bg-primary-strong disabled:bg-line disabled:text-soft"
            >
              <ArrowUp aria-hidden className="size-6" />
            </button>
          )}
        </div>
        <div className="flex items-start justify-between gap-3 px-4 pt-1.5 text-sm text-soft">
          <p id="composer-note">{t('disclaimer')}</p>
          {draft.length > counterFrom && (
            <p role="status" className={clsx('shrink-0 tabular-nums', tooLong && 'font-semibold text-danger')}>
              {t('composer.counter', { used: number.format(draft.trim().length), limit: number.format(maximumMessageLength) })}
            </p>
          )}
        </div>
      </form>
    </div>
  )
}

import { BookOpenText, CircleSlash, Clock, Link2Off, ShieldCheck, Sparkles, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useLanguage } from '../../app/use-language.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { ConsentCard } from '../consent/consent-card.js'

const iconClass = 'mt-0.5 size-4 shrink-0'

function Label({ icon, children, testId }: { icon: ReactNode; children: ReactNode; testId: string }) {
  return (
    <div data-testid={testId} lang={useLanguage()} className="flex items-start gap-2 rounded-xl bg-sunken px-3 py-2 text-sm text-soft">
      {icon}
      <div className="min-w-0">{children}</div>
    </div>
  )
}

export interface AnswerLabelsProps {
  conversationKey: string
  message: ChatMessage
  busy: boolean
}

/** What has to be known before an answer is read: that the model's was withheld, or that it could be answered online. */
export function AnswerNotices({ conversationKey, message, busy }: AnswerLabelsProps) {
  const { t } = useTranslation()
  const { chat } = useWorkspace()
  const { passages_because: because, withheld = [] } = message.message_metadata
  return (
    <>
      {because === 'withheld' && (
        <Label testId="label-withheld" icon={<ShieldCheck aria-hidden className={iconClass} />}>
          {t('guard.withheld')} {withheld.map((reason) => t(`guard.reason.${reason}`)).join(' ')}
        </Label>
      )}
      {because === 'no_consent' && !busy && <ConsentCard onGiven={() => void chat.regenerate(conversationKey, message.message_id)} />}
    </>
  )
}

/** How an answer came to be, when that is not the usual way, and what can be done about it. */
export function AnswerLabels({ conversationKey, message }: Omit<AnswerLabelsProps, 'busy'>) {
  const { t } = useTranslation()
  const { consent } = useWorkspace()
  const decision = useStore(consent, (state) => state.consent?.decision)
  const { answered_by: answeredBy, passages_because: because, completes, citations_dropped: dropped = 0 } = message.message_metadata
  return (
    <>
      {message.state === 'partial' && (
        <Label testId="label-partial" icon={<Unplug aria-hidden className={iconClass} />}>
          {t('chat.partial')}
        </Label>
      )}
      {message.state === 'stopped' && (
        <Label testId="label-stopped" icon={<CircleSlash aria-hidden className={iconClass} />}>
          {t('chat.stopped')}
        </Label>
      )}
      {answeredBy === 'passages' && because !== 'withheld' && (
        <Label testId="label-passages" icon={<BookOpenText aria-hidden className={iconClass} />}>
          {t('chat.from_documents')} {because === 'no_consent' && decision === 'refused' && t('consent.refused_note')}
        </Label>
      )}
      {completes !== undefined && (
        <Label testId="label-completed" icon={<Sparkles aria-hidden className={iconClass} />}>
          {t('completion.completed')}
        </Label>
      )}
      {dropped > 0 && (
        <Label testId="label-citations" icon={<Link2Off aria-hidden className={iconClass} />}>
          {t('guard.citations', { count: dropped })}
        </Label>
      )}
      {because === 'unreachable' && <CompletionLabel conversationKey={conversationKey} messageId={message.message_id} />}
    </>
  )
}

/** Where an answer from the documents stands on its way to being completed. */
function CompletionLabel({ conversationKey, messageId }: { conversationKey: string; messageId: string }) {
  const { t } = useTranslation()
  const { chat } = useWorkspace()
  const attempt = useAttempt()
  const completion = useStore(chat, (state) => state.threads[conversationKey]?.completions[messageId])
  if (!completion || completion.state === 'completed') return null
  return (
    <Label testId={`completion-${completion.state}`} icon={<Clock aria-hidden className={iconClass} />}>
      <p>{completion.state === 'given_up' ? t(`completion.given_up.${completion.reason ?? 'refused'}`) : t(`completion.${completion.state}`)}</p>
      {completion.state !== 'queued' && completion.reason !== 'changed' && (
        <Button tone="quiet" className="-ml-4" data-testid="complete" onClick={() => void attempt(() => chat.complete(conversationKey, messageId))}>
          {t('completion.complete')}
        </Button>
      )}
    </Label>
  )
}

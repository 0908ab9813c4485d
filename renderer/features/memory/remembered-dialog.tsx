import { CornerDownRight, ShieldCheck, Trash2, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RememberedFact } from '../../../shared/contract/memory.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useUndo } from '../../app/use-undo.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { Dialog } from '../../components/dialog.js'
import { IconButton } from '../../components/icon-button.js'
import { Notice } from '../../components/notice.js'
import { useErrorText } from '../../components/use-error-text.js'
import { groupFacts } from './group-facts.js'
import { jumpToMessage } from './jump-to-message.js'
import { useRemembered } from './use-remembered.js'

interface ItemProps {
  fact: RememberedFact
  onJump: (messageId: string) => void
  /** Left out for what was corrected: it is no longer told to anybody. */
  onForget?: (factId: string) => void
}

function Fact({ fact, onJump, onForget }: ItemProps) {
  const { t } = useTranslation()
  const corrected = fact.superseded_by !== null
  return (
    <li data-testid="remembered-fact" className="flex items-start gap-2 py-1.5">
      <div className="min-w-0 flex-1">
        <p lang={fact.lang} className={corrected ? 'text-soft line-through first-letter:uppercase [overflow-wrap:anywhere]' : 'first-letter:uppercase [overflow-wrap:anywhere]'}>
          {fact.value}
        </p>
        {fact.person !== null && (
          <p className="flex items-center gap-1.5 text-sm text-caution">
            <UserRound aria-hidden className="size-4 shrink-0" />
            {t('memory.about', { person: fact.person })}
          </p>
        )}
        <button
          type="button"
          data-testid="remembered-jump"
          onClick={() => onJump(fact.message_id)}
          className="touch -ml-1 inline-flex items-center gap-1.5 rounded-lg px-1 text-sm text-primary hover:bg-primary-soft"
        >
          <CornerDownRight aria-hidden className="size-4 shrink-0" />
          {t('memory.said_in', { number: fact.sequence })}
        </button>
      </div>
      {onForget && <IconButton label={t('memory.forget', { fact: fact.value })} data-testid="remembered-forget" icon={<Trash2 aria-hidden className="size-4.5" />} onClick={() => onForget(fact.fact_id)} />}
    </li>
  )
}

/** What the assistant remembers of a conversation: by kind, with the message that it comes from, and a way to have it forgotten. */
export function RememberedDialog({ conversationKey, onClose }: { conversationKey: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { chat } = useWorkspace()
  const attempt = useAttempt()
  const undo = useUndo()
  const texts = useErrorText()
  const { remembered, failure, load, forget, restore } = useRemembered(conversationKey)
  const { own, others, corrected } = groupFacts(remembered?.facts ?? [])
  const jump = (messageId: string): void => {
    onClose()
    // Closing gives the focus back to the button; the message takes it after that.
    requestAnimationFrame(() => void attempt(() => jumpToMessage(chat, conversationKey, messageId)))
  }
  const remove = (factId: string): void => void undo({ text: t('memory.forgotten'), remove: () => forget(factId), restore: () => restore(factId) })
  const nothing = remembered !== null && remembered.facts.length === 0 && remembered.summary === null
  return (
    <Dialog open onClose={onClose} title={t('memory.title')} description={t('memory.lead')} testId="remembered-dialog">
      {failure && (
        <div className="flex flex-col items-start gap-3">
          <Notice tone="problem" alert>
            {texts.ofCode(failure)}
          </Notice>
          <Button onClick={() => void load()}>{t('common.try_again')}</Button>
        </div>
      )}
      {!remembered && !failure && <p role="status">{t('common.loading')}</p>}
      {nothing && (
        <p data-testid="remembered-empty" className="rounded-xl bg-sunken px-4 py-6 text-center text-soft">
          {t('memory.empty')}
        </p>
      )}
      {own.map(({ kind, facts }) => (
        <section key={kind} data-testid={`remembered-${kind}`}>
          <h3 className="border-b border-line pb-1 text-sm font-semibold text-soft">{t(`memory.kind.${kind}`)}</h3>
          <ul className="divide-y divide-line">
            {facts.map((fact) => (
              <Fact key={fact.fact_id} fact={fact} onJump={jump} onForget={remove} />
            ))}
          </ul>
        </section>
      ))}
      {others.length > 0 && (
        <section data-testid="remembered-others">
          <h3 className="border-b border-line pb-1 text-sm font-semibold text-soft">{t('memory.others')}</h3>
          <ul className="divide-y divide-line">
            {others.map((fact) => (
              <Fact key={fact.fact_id} fact={fact} onJump={jump} onForget={remove} />
            ))}
          </ul>
        </section>
      )}
      {remembered?.summary && (
        <section>
          <h3 className="border-b border-line pb-1 text-sm font-semibold text-soft">{t('memory.summary')}</h3>
          <p className="py-1.5 whitespace-pre-wrap">{remembered.summary}</p>
        </section>
      )}
      {corrected.length > 0 && (
        <section data-testid="remembered-corrected">
          <h3 className="border-b border-line pb-1 text-sm font-semibold text-soft">{t('memory.corrected')}</h3>
          <ul className="divide-y divide-line">
            {corrected.map((fact) => (
              <Fact key={fact.fact_id} fact={fact} onJump={jump} />
            ))}
          </ul>
        </section>
      )}
      <p className="flex items-start gap-2.5 text-sm text-soft">
        <ShieldCheck aria-hidden className="mt-0.5 size-4.5 shrink-0" />
        {t('memory.privacy')}
      </p>
    </Dialog>
  )
}

import { ShieldQuestion } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useAttempt } from '../../app/use-attempt.js'
import { useLanguage } from '../../app/use-language.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { ConsentText } from './consent-text.js'

/**
 * Asks whether questions may go online. It stands under the first answer that a provider could have given: the question itself never waits for
 * it, because it may be an emergency.
 */
export function ConsentCard({ onGiven }: { onGiven: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { consent } = useWorkspace()
  const state = useStore(consent, (store) => store.consent)
  const attempt = useAttempt()
  const id = useId()
  const [busy, setBusy] = useState<'yes' | 'no' | null>(null)
  if (state?.decision !== 'not_asked' || state.providers.length === 0) return null
  const decide = (given: boolean) => async (): Promise<void> => {
    setBusy(given ? 'yes' : 'no')
    const kept = await attempt(() => consent.decide(given, language))
    setBusy(null)
    if (kept && given) onGiven()
  }
  return (
    <section aria-labelledby={id} lang={language} data-testid="consent-card" className="flex flex-col gap-3 rounded-2xl border border-line-strong bg-surface p-5 shadow-card">
      <h3 id={id} className="flex items-center gap-2.5 font-serif text-xl font-semibold">
        <ShieldQuestion aria-hidden className="size-6 shrink-0 text-primary" />
        {t('consent.title')}
      </h3>
      <ConsentText providers={state.providers} />
      <div className="flex flex-wrap gap-3 pt-1">
        <Button tone="primary" busy={busy === 'yes'} disabled={busy !== null} onClick={() => void decide(true)()} data-testid="consent-yes">
          {t('consent.yes')}
        </Button>
        <Button busy={busy === 'no'} disabled={busy !== null} onClick={() => void decide(false)()} data-testid="consent-no">
          {t('consent.no')}
        </Button>
      </div>
      <p className="text-sm text-soft">{t('consent.change')}</p>
    </section>
  )
}

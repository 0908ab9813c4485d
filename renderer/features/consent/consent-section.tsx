import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useAttempt } from '../../app/use-attempt.js'
import { useLanguage } from '../../app/use-language.js'
import { useWorkspace } from '../../app/workspace.js'
import { formatMoment } from '../../components/format-moment.js'
import { SwitchField } from '../../components/switch-field.js'
import { Section } from '../settings/section.js'
import { ConsentText } from './consent-text.js'

/** Gives the consent to online answers, or takes it back. */
export function ConsentSection() {
  const { t } = useTranslation()
  const language = useLanguage()
  const { consent } = useWorkspace()
  const state = useStore(consent, (store) => store.consent)
  const attempt = useAttempt()
  if (!state) return null
  return (
    <Section title={t('consent.section')} lead={state.providers.length === 0 ? t('consent.none_configured') : t('consent.lead')}>
      {state.providers.length > 0 && <ConsentText providers={state.providers} />}
      <SwitchField
        label={t('consent.switch')}
        {...(state.decided_at === null ? {} : { hint: t(state.decision === 'given' ? 'consent.given_at' : 'consent.refused_at', { moment: formatMoment(state.decided_at, language) }) })}
        checked={state.decision === 'given'}
        onChecked={(checked) => void attempt(() => consent.decide(checked, language))}
        testId="consent-switch"
      />
    </Section>
  )
}

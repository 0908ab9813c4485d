import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { SwitchField } from '../../components/switch-field.js'
import { Section } from '../settings/section.js'

/** How what is said becomes a question. */
export function VoiceSection() {
  const { t } = useTranslation()
  const { preferences: store, voice } = useWorkspace()
  const atOnce = useStore(store, (state) => state.preferences.send_voice_at_once)
  const engines = useStore(voice, (state) => state.engines)
  const attempt = useAttempt()
  const where = engines.length === 0 ? 'none' : engines.some(({ cloud }) => !cloud) ? 'near' : 'cloud'
  return (
    <Section title={t('voice.settings_title')} lead={t(`voice.settings_${where}`)}>
      <SwitchField
        label={t('voice.send_at_once')}
        hint={t('voice.send_at_once_hint')}
        testId="voice-at-once"
        checked={atOnce}
        onChecked={(checked) => void attempt(() => store.update({ send_voice_at_once: checked }))}
      />
    </Section>
  )
}

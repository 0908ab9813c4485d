import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useServices } from '../../app/services.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { SelectField } from '../../components/select-field.js'

const choices = ['automatic', 'on_tap', 'never'] as const

/** When a model completes what the documents answered while no provider did. */
export function CompletionField() {
  const { t } = useTranslation()
  const { preferences } = useWorkspace()
  const role = useStore(useServices().session.state, (state) => state.signedIn?.user.role)
  const chosen = useStore(preferences, (state) => state.preferences.complete_answers)
  const attempt = useAttempt()
  return (
    <SelectField
      label={t('completion.setting')}
      hint={t('completion.setting_hint')}
      testId="complete-answers"
      value={chosen ?? (role === 'nurse' || role === 'admin' ? 'automatic' : 'on_tap')}
      options={choices.map((value) => ({ value, label: t(`completion.when.${value}`) }))}
      onValue={(value) => void attempt(() => preferences.update({ complete_answers: value }))}
    />
  )
}

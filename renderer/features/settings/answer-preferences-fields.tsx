import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { providerNames, type ProviderName } from '../../../shared/contract/common.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { SelectField } from '../../components/select-field.js'
import { SwitchField } from '../../components/switch-field.js'

/** Where the slider stands while the provider's own temperature is used. */
const middleTemperature = 0.3

/** The person's preferences for answers; each change is kept at once. */
export function AnswerPreferencesFields() {
  const { t, i18n } = useTranslation()
  const { preferences: store } = useWorkspace()
  const { preferences, providers } = useStore(store)
  const attempt = useAttempt()
  const id = useId()
  const [temperature, setTemperature] = useState(preferences.temperature ?? middleTemperature)
  const chosen = providers.find((provider) => provider.provider === preferences.provider)
  const usable = providers.filter((provider) => provider.configured && provider.enabled)
  const keep = (patch: Parameters<typeof store.update>[0]): void => void attempt(() => store.update(patch))
  const models = [...new Set([...(chosen?.models ?? []), ...(preferences.model && chosen ? [preferences.model] : [])])]
  return (
    <div className="flex flex-col gap-4">
      <SelectField<ProviderName | ''>
        label={t('answers.provider')}
        testId="provider-select"
        value={preferences.provider ?? ''}
        options={[
          { value: '', label: t('answers.automatic_long') },
          ...providerNames
            .filter((name) => name === preferences.provider || usable.some((provider) => provider.provider === name))
            .map((name) => ({ value: name, label: t(`provider.${name}`) })),
        ]}
        onValue={(provider) => keep({ provider: provider === '' ? null : provider, model: null })}
        {...(usable.length === 0 ? { hint: t('answers.none_configured') } : {})}
      />
      {chosen && models.length > 0 && (
        <SelectField
          label={t('answers.model')}
          testId="model-select"
          value={preferences.model ?? ''}
          options={[{ value: '', label: t('answers.default_model', { model: chosen.model }) }, ...models.map((model) => ({ value: model, label: model }))]}
          onValue={(model) => keep({ model: model === '' ? null : model })}
        />
      )}
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="flex items-baseline justify-between font-medium">
          {t('answers.temperature')}
          <span className="text-sm font-normal text-soft tabular-nums">
            {preferences.temperature === null ? t('answers.temperature_default') : new Intl.NumberFormat(i18n.language, { minimumFractionDigits: 1 }).format(temperature)}
          </span>
        </label>
        <input
          id={id}
          type="range"
          min={0}
          max={1}
          step={0.1}
          value={temperature}
          onChange={(event) => setTemperature(Number(event.target.value))}
          onPointerUp={() => keep({ temperature })}
          onKeyUp={() => keep({ temperature })}
          className="touch w-full accent-primary"
        />
        <div className="flex justify-between text-sm text-soft">
          <span>{t('answers.strict')}</span>
          <span>{t('answers.free')}</span>
        </div>
      </div>
      <SwitchField
        label={t('answers.use_documents')}
        hint={t('answers.use_documents_hint')}
        testId="use-documents"
        checked={preferences.use_rag}
        onChecked={(checked) => keep({ use_rag: checked })}
      />
    </div>
  )
}

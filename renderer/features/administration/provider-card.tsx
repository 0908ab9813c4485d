import { ArrowDown, ArrowUp, CircleCheck, CircleX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProviderName } from '../../../shared/contract/common.js'
import type { OutputOf } from '../../../shared/contract/contract.js'
import type { ProviderState } from '../../../shared/contract/providers.js'
import { useServices } from '../../app/services.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { IconButton } from '../../components/icon-button.js'
import { PasswordField } from '../../components/password-field.js'
import { SwitchField } from '../../components/switch-field.js'
import { TextField } from '../../components/text-field.js'
import { useErrorText } from '../../components/use-error-text.js'
import { useSubmit } from '../../components/use-submit.js'
import { Section } from '../settings/section.js'

type TestResult = OutputOf<'providers.test'>

function TestOutcome({ result }: { result: TestResult }) {
  const { t, i18n } = useTranslation()
  const seconds = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format((result.latency_ms ?? 0) / 1_000)
  const failureKey = `test_failure.${result.failure ?? ''}`
  return (
    <p role="status" data-testid="provider-test-result" className={`flex items-start gap-2 ${result.ok ? 'text-primary' : 'text-danger'}`}>
      {result.ok ? <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0" /> : <CircleX aria-hidden className="mt-0.5 size-5 shrink-0" />}
      {result.ok
        ? t('providers.test_ok', { model: result.model ?? '', seconds })
        : i18n.exists(failureKey)
          ? t(failureKey as 'test_failure.unknown')
          : t('test_failure.unknown')}
    </p>
  )
}

/** One provider: its key (which goes in and never comes out), address, model, place in the order, and a test. */
export function ProviderCard({ provider, index, order }: { provider: ProviderState; index: number; order: readonly ProviderName[] }) {
  const { t } = useTranslation()
  const { client, toasts, device } = useServices()
  const { preferences } = useWorkspace()
  const attempt = useAttempt()
  const texts = useErrorText()
  const { provider: name } = provider
  const label = t(`provider.${name}`)
  const [key, setKey] = useState('')
  const [baseUrl, setBaseUrl] = useState(provider.base_url)
  const [model, setModel] = useState(provider.model)
  const [result, setResult] = useState<TestResult | null>(null)

  const refresh = async (): Promise<void> => {
    await Promise.all([preferences.reloadProviders(), device.refresh()])
  }
  const form = useSubmit(async () => {
    await client.providers.configure({ provider: name, model: model.trim(), base_url: baseUrl.trim(), ...(key.trim() === '' ? {} : { api_key: key.trim() }) })
    setKey('')
    await refresh()
    toasts.show({ text: t('providers.saved', { provider: label }) })
  })
  const test = useSubmit(async () => {
    setResult(null)
    setResult(await client.providers.test({ provider: name }))
    await refresh()
  })
  const removeKey = useSubmit(async () => {
    await client.providers.configure({ provider: name, api_key: '' })
    await refresh()
  })
  const moveTo = (target: number): void => {
    const next = order.filter((one) => one !== name)
    next.splice(target, 0, name)
    void attempt(async () => preferences.setProviders((await client.providers.setOrder({ order: next })).providers))
  }
  return (
    <Section title={label} lead={provider.enabled || !provider.configured ? t(`health.${provider.health}`) : t('providers.off')}>
      <div className="flex items-center justify-between gap-3">
        <p className="text-sm text-soft">{t('providers.place', { place: index + 1 })}</p>
        <div className="flex">
          <IconButton
            label={t('providers.earlier', { provider: label })}
            disabled={index === 0}
            icon={<ArrowUp aria-hidden className="size-5" />}
            onClick={() => moveTo(index - 1)}
          />
          <IconButton
            label={t('providers.later', { provider: label })}
            disabled={index === order.length - 1}
            icon={<ArrowDown aria-hidden className="size-5" />}
            onClick={() => moveTo(index + 1)}
          />
        </div>
      </div>
      <SwitchField
        label={t('providers.enabled')}
        testId={`provider-${name}-enabled`}
        checked={provider.enabled}
        onChecked={(enabled) =>
          void attempt(async () => {
            await client.providers.configure({ provider: name, enabled })
            await refresh()
          })
        }
      />
      <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
        <FormError error={form.error ?? removeKey.error} />
        <PasswordField
          label={name === 'local' ? t('providers.key_optional') : t('providers.key')}
          name={`key-${name}`}
          autoComplete="off"
          value={key}
          onValue={setKey}
          hint={t(`providers.configured_by.${provider.configured_by}`)}
          error={texts.ofField(form.error, 'api_key')}
        />
        <TextField
          label={name === 'local' ? t('providers.address') : t('providers.address_optional')}
          name={`address-${name}`}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          value={baseUrl}
          onValue={setBaseUrl}
          {...(name === 'local' ? { hint: t('providers.address_hint') } : {})}
          error={texts.ofField(form.error, 'base_url')}
        />
        <TextField
          label={t('answers.model')}
          name={`model-${name}`}
          autoComplete="off"
          spellCheck={false}
          value={model}
          onValue={setModel}
          error={texts.ofField(form.error, 'model')}
        />
        <div className="flex flex-wrap gap-3">
          <Button type="submit" tone="primary" busy={form.busy} data-testid={`provider-${name}-save`}>
            {t('common.save')}
          </Button>
          <Button busy={test.busy} disabled={!provider.configured} onClick={() => test.submit()} data-testid={`provider-${name}-test`}>
            {t('providers.test')}
          </Button>
          {provider.configured_by === 'settings' && name !== 'local' && (
            <Button tone="quiet" busy={removeKey.busy} onClick={() => removeKey.submit()}>
              {t('providers.remove_key')}
            </Button>
          )}
        </div>
        {result && <TestOutcome result={result} />}
        <FormError error={test.error} />
      </form>
    </Section>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeviceSettings } from '../../../shared/contract/settings.js'
import { useServices } from '../../app/services.js'
import { useAttempt } from '../../app/use-attempt.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { SwitchField } from '../../components/switch-field.js'
import { TextField } from '../../components/text-field.js'
import { useErrorText } from '../../components/use-error-text.js'
import { useSubmit } from '../../components/use-submit.js'
import { Section } from '../settings/section.js'

export interface DeviceFormProps {
  settings: DeviceSettings
  onSettings: (settings: DeviceSettings) => void
}

/** Emergency number, automatic sign-out, and the file of clinical summaries with its import. */
export function DeviceForm({ settings, onSettings }: DeviceFormProps) {
  const { t } = useTranslation()
  const { client, device, toasts } = useServices()
  const texts = useErrorText()
  const attempt = useAttempt()
  const [number, setNumber] = useState(settings.emergency_number)
  const [minutes, setMinutes] = useState(String(settings.idle_minutes))
  const [path, setPath] = useState(settings.clinical_summaries_path)
  const [imported, setImported] = useState<{ imported: number; skipped: number } | null>(null)
  const keep = async (patch: Partial<DeviceSettings>): Promise<void> => {
    onSettings(await client.settings.updateDevice(patch))
    await device.refresh()
    toasts.show({ text: t('device.saved') })
  }
  const form = useSubmit(() => keep({ emergency_number: number, idle_minutes: minutes.trim() === '' ? 0 : Number(minutes) }))
  const summaries = useSubmit(() => keep({ clinical_summaries_path: path.trim() }))
  const importing = useSubmit(async () => {
    setImported(null)
    setImported(await client.knowledge.importSummaries({}))
    await device.refresh()
  })
  return (
    <>
      <Section title={t('device.title')}>
        <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
          <FormError error={form.error} />
          <TextField
            label={t('device.emergency_number')}
            hint={t('device.emergency_hint')}
            name="emergency_number"
            type="tel"
            autoComplete="off"
            value={number}
            onValue={setNumber}
            error={texts.ofField(form.error, 'emergency_number')}
          />
          <TextField
            label={t('device.idle_minutes')}
            hint={t('device.idle_hint')}
            name="idle_minutes"
            type="number"
            min={0}
            max={240}
            value={minutes}
            onValue={setMinutes}
            error={texts.ofField(form.error, 'idle_minutes')}
          />
          <Button type="submit" tone="primary" busy={form.busy} className="self-start" data-testid="device-save">
            {t('common.save')}
          </Button>
        </form>
      </Section>
      <Section title={t('policy.title')} lead={t('policy.lead')}>
        <SwitchField
          label={t('policy.reviewed_only')}
          hint={t('policy.hint')}
          checked={settings.content_policy === 'reviewed_only'}
          onChecked={(checked) => void attempt(() => keep({ content_policy: checked ? 'reviewed_only' : 'all' }))}
          testId="reviewed-only"
        />
      </Section>
      <Section title={t('device.summaries')} lead={t('device.summaries_lead')}>
        <form noValidate onSubmit={summaries.submit} className="flex flex-col gap-5">
          <FormError error={summaries.error ?? importing.error} />
          <TextField
            label={t('device.summaries_path')}
            name="clinical_summaries_path"
            autoComplete="off"
            spellCheck={false}
            value={path}
            onValue={setPath}
            error={texts.ofField(summaries.error, 'clinical_summaries_path')}
          />
          <div className="flex flex-wrap gap-3">
            <Button type="submit" tone="primary" busy={summaries.busy} data-testid="summaries-save">
              {t('common.save')}
            </Button>
            <Button busy={importing.busy} disabled={settings.clinical_summaries_path === ''} onClick={() => importing.submit()} data-testid="summaries-import">
              {t('device.import')}
            </Button>
          </div>
          {imported && (
            <p role="status" className="text-primary">
              {t('device.imported', { count: imported.imported })} {imported.skipped > 0 && t('device.skipped', { count: imported.skipped })}
            </p>
          )}
        </form>
      </Section>
    </>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeviceSettings } from '../../../shared/contract/settings.js'
import { useServices } from '../../app/services.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { TextField } from '../../components/text-field.js'
import { useErrorText } from '../../components/use-error-text.js'
import { useSubmit } from '../../components/use-submit.js'
import { Section } from '../settings/section.js'

/** The folder whose documents are taken in by themselves. */
export function WatchFolderSection({ settings, onSettings }: { settings: DeviceSettings; onSettings: (settings: DeviceSettings) => void }) {
  const { t } = useTranslation()
  const { client, toasts } = useServices()
  const texts = useErrorText()
  const [folder, setFolder] = useState(settings.watch_folder)
  const form = useSubmit(async () => {
    onSettings(await client.settings.updateDevice({ watch_folder: folder.trim() }))
    toasts.show({ text: t('device.saved') })
  })
  return (
    <Section title={t('documents.watch_title')} lead={t('documents.watch_lead')}>
      <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
        <FormError error={form.error} />
        <TextField
          label={t('documents.watch_path')}
          hint={t('documents.watch_hint')}
          name="watch_folder"
          autoComplete="off"
          spellCheck={false}
          value={folder}
          onValue={setFolder}
          error={texts.ofField(form.error, 'watch_folder')}
        />
        <Button type="submit" tone="primary" busy={form.busy} className="self-start" data-testid="watch-folder-save">
          {t('common.save')}
        </Button>
      </form>
    </Section>
  )
}

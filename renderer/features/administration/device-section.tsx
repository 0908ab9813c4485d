import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeviceSettings } from '../../../shared/contract/settings.js'
import { useServices } from '../../app/services.js'
import { useAttempt } from '../../app/use-attempt.js'
import { WatchFolderSection } from '../documents/watch-folder-section.js'
import { DeviceForm } from './device-form.js'

/** The settings of this device, once they are known. */
export function DeviceSection() {
  const { t } = useTranslation()
  const { client } = useServices()
  const attempt = useAttempt()
  const [settings, setSettings] = useState<DeviceSettings | null>(null)
  useEffect(() => {
    void attempt(async () => setSettings(await client.settings.device({})))
  }, [attempt, client])
  return settings ? (
    <>
      <DeviceForm settings={settings} onSettings={setSettings} />
      <WatchFolderSection settings={settings} onSettings={setSettings} />
    </>
  ) : (
    <p role="status">{t('common.loading')}</p>
  )
}

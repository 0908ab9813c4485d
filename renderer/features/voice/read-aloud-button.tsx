import { Volume2, VolumeX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Language } from '../../../shared/contract/common.js'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { IconButton } from '../../components/icon-button.js'

/** Reads a message with a voice of this device, or stops. */
export function ReadAloudButton({ messageId, text, language }: { messageId: string; text: string; language: Language }) {
  const { t } = useTranslation()
  const { readAloud } = useWorkspace()
  const { toasts } = useServices()
  const reading = useStore(readAloud, (state) => state.reading === messageId)
  const press = async (): Promise<void> => {
    if (reading) return readAloud.stop()
    if (!(await readAloud.read(messageId, text, language))) toasts.show({ tone: 'problem', text: t(`voice.no_voice_${language}`), durationMs: 8_000 })
  }
  return (
    <IconButton
      label={reading ? t('voice.stop_reading') : t('voice.read_aloud')}
      data-testid="read-aloud"
      icon={reading ? <VolumeX aria-hidden className="size-4.5 text-primary" /> : <Volume2 aria-hidden className="size-4.5" />}
      onClick={() => void press()}
    />
  )
}

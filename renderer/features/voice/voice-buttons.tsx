import { FileAudio, Mic } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { audioFormats } from '../../../shared/contract/voice.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'

const accepted = [...audioFormats.map((format) => `.${format}`), 'audio/*'].join(',')
const shape = 'inline-flex size-12 shrink-0 items-center justify-center rounded-full text-primary transition-colors hover:bg-primary-soft disabled:text-soft disabled:opacity-60'

/** Speaking and sending a recording, where somebody can recognise speech. A kiosk opens no files. */
export function VoiceButtons({ conversationKey, disabled }: { conversationKey: string; disabled: boolean }) {
  const { t } = useTranslation()
  const { voice } = useWorkspace()
  const { connection, device } = useServices()
  const attempt = useAttempt()
  const file = useRef<HTMLInputElement>(null)
  const connected = useStore(connection, (state) => state.status === 'connected')
  const kiosk = useStore(device, (state) => state.info?.kiosk !== false)
  const { phase, engines } = useStore(voice)
  useEffect(() => {
    if (connected) void attempt(() => voice.load())
  }, [connected, attempt, voice])
  if (engines.length === 0) return null
  const unusable = disabled || phase !== 'idle'
  return (
    <>
      {!kiosk && (
        <>
          <input
            ref={file}
            type="file"
            accept={accepted}
            tabIndex={-1}
            aria-hidden
            data-testid="voice-file"
            className="hidden"
            onChange={({ target }) => {
              const [chosen] = target.files ?? []
              target.value = ''
              if (chosen) void voice.upload(conversationKey, chosen)
            }}
          />
          <button type="button" data-testid="voice-upload" disabled={unusable} aria-label={t('voice.upload')} title={t('voice.upload')} onClick={() => file.current?.click()} className={`${shape} max-sm:hidden`}>
            <FileAudio aria-hidden className="size-5.5" />
          </button>
        </>
      )}
      <button type="button" data-testid="voice-record" disabled={unusable} aria-label={t('voice.record')} title={t('voice.record')} onClick={() => void voice.record(conversationKey)} className={shape}>
        <Mic aria-hidden className="size-6" />
      </button>
    </>
  )
}

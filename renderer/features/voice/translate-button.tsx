import { Languages, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { IconButton } from '../../components/icon-button.js'

/** Shows a message in the other language, and back; where a provider is set up. */
export function TranslateButton({ message }: { message: ChatMessage }) {
  const { t } = useTranslation()
  const { voice, preferences } = useWorkspace()
  const attempt = useAttempt()
  const possible = useStore(preferences, ({ providers }) => providers.some(({ configured, enabled }) => configured && enabled))
  const entry = useStore(voice, ({ translations }) => translations[message.message_id])
  if (!possible || message.content.trim() === '') return null
  const busy = entry !== undefined && entry.translation === null
  return (
    <IconButton
      label={busy ? t('voice.translating') : entry?.shown ? t('voice.show_original') : t('voice.translate')}
      data-testid="translate"
      aria-busy={busy || undefined}
      aria-pressed={entry?.shown === true}
      icon={busy ? <LoaderCircle aria-hidden className="size-4.5 animate-spin" /> : <Languages aria-hidden className="size-4.5" />}
      onClick={() => void attempt(() => voice.toggleTranslation(message.message_id))}
    />
  )
}

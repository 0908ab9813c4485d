import { useTranslation } from 'react-i18next'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import { useServices } from '../../app/services.js'
import { useUndo } from '../../app/use-undo.js'
import { useWorkspace } from '../../app/workspace.js'
import { copyText } from './copy-text.js'

/** What can be done with any message: copy it, delete it with a way back. */
export function useMessageActions(conversationKey: string, message: ChatMessage): { copy: () => void; remove: () => void } {
  const { t } = useTranslation()
  const { toasts } = useServices()
  const { chat } = useWorkspace()
  const undo = useUndo()
  const copy = async (): Promise<void> => {
    const copied = await copyText(message.content)
    toasts.show({ text: copied ? t('chat.copied') : t('chat.not_copied'), tone: copied ? 'neutral' : 'problem', durationMs: 3_000 })
  }
  return {
    copy: () => void copy(),
    remove: () =>
      void undo({
        text: t('chat.message_deleted'),
        remove: () => chat.deleteMessage(conversationKey, message.message_id),
        restore: () => chat.restoreMessage(conversationKey, message.message_id),
      }),
  }
}

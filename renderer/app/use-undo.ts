import { useTranslation } from 'react-i18next'
import { useServices } from './services.js'
import { useAttempt } from './use-attempt.js'

/** Longest and shortest time that an undo is offered, in ms. */
const longestMs = 12_000
const shortestMs = 3_000

/** Deletes something at once and offers to bring it back as long as the device keeps it. */
export function useUndo(): (deletion: { text: string; remove: () => Promise<number>; restore: () => Promise<void> }) => Promise<void> {
  const { t } = useTranslation()
  const { toasts } = useServices()
  const attempt = useAttempt()
  return async ({ text, remove, restore }) => {
    let until = 0
    const removed = await attempt(async () => {
      until = await remove()
    })
    if (!removed) return
    const id = toasts.show({
      text,
      durationMs: Math.min(longestMs, Math.max(shortestMs, until - Date.now())),
      action: {
        label: t('common.undo'),
        run: () => {
          toasts.dismiss(id)
          void attempt(restore)
        },
      },
    })
  }
}

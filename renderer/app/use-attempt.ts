import { useCallback, useEffect, useRef } from 'react'
import { ContractError } from '../../shared/contract/errors.js'
import { useErrorText } from '../components/use-error-text.js'
import { useServices } from './services.js'

/** A problem stays longer than good news, in ms. */
const problemMs = 8_000

/** Runs an action; when it is refused, says why in a toast. Resolves with whether it succeeded. The function stays the same for good. */
export function useAttempt(): (action: () => Promise<unknown>) => Promise<boolean> {
  const { toasts, session } = useServices()
  const texts = useErrorText()
  const latestTexts = useRef(texts)
  useEffect(() => {
    latestTexts.current = texts
  })
  return useCallback(
    async (action) => {
      try {
        await action()
        return true
      } catch (error) {
        if (!(error instanceof ContractError)) throw error
        // Once the session has ended, the screen itself says so.
        const saidAlready = error.code === 'cancelled' || (error.status === 401 && session.signedIn === null)
        if (!saidAlready) toasts.show({ tone: 'problem', text: latestTexts.current.ofError(error), durationMs: problemMs })
        return false
      }
    },
    [toasts, session],
  )
}

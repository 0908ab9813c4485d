import { useCallback } from 'react'
import { ContractError } from '../../shared/contract/errors.js'
import { useErrorText } from '../components/use-error-text.js'
import { useServices } from './services.js'

/** Runs an action; when it is refused, says why in a toast. Resolves with whether it succeeded. */
export function useAttempt(): (action: () => Promise<unknown>) => Promise<boolean> {
  const { toasts } = useServices()
  const texts = useErrorText()
  return useCallback(
    async (action) => {
      try {
        await action()
        return true
      } catch (error) {
        if (!(error instanceof ContractError)) throw error
        if (error.code !== 'cancelled') toasts.show({ tone: 'problem', text: texts.ofError(error) })
        return false
      }
    },
    [toasts, texts],
  )
}

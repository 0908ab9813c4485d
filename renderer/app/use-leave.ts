import { useCallback } from 'react'
import type { EndReason } from '../client/session-store.js'
import { ContractError } from '../../shared/contract/errors.js'
import { useServices } from './services.js'

/**
 * Ends the session: the screen is wiped at once, the device is told behind it. What is left to the device is safe to lose:
 * a session that could not be ended there expires, and a guest's data is erased with it.
 */
export function useLeave(): (reason: EndReason) => void {
  const { client, session } = useServices()
  return useCallback(
    (reason) => {
      const refreshToken = session.signedIn?.refreshToken
      if (refreshToken === undefined) return
      const told = client.accounts.signOut({ refresh_token: refreshToken })
      session.end(reason)
      told.catch((error: unknown) => {
        if (!(error instanceof ContractError)) throw error
      })
    },
    [client, session],
  )
}

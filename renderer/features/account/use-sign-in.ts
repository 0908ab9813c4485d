import { useCallback } from 'react'
import type { Session } from '../../../shared/contract/accounts.js'
import { useServices } from '../../app/services.js'

/** Begins a session in this window, in the person's language unless another was just chosen here. */
export function useSignIn(): (session: Session) => void {
  const { session: store, appearance } = useServices()
  return useCallback(
    (session) => {
      appearance.adoptLanguage(session.user.preferred_language)
      store.begin(session)
    },
    [store, appearance],
  )
}

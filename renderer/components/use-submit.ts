import { useState, type FormEvent } from 'react'
import { ContractError } from '../../shared/contract/errors.js'

export interface Submission {
  busy: boolean
  /** Why the last attempt was refused, or null. */
  error: ContractError | null
  submit: (event?: FormEvent) => void
  clear: () => void
}

/** Runs a form's action once at a time and keeps why it was refused. Errors other than the contract's go on to the error boundary. */
export function useSubmit(action: () => Promise<void>): Submission {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ContractError | null>(null)
  const [unexpected, setUnexpected] = useState<unknown>(null)
  if (unexpected) throw unexpected
  const run = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await action()
    } catch (caught) {
      if (caught instanceof ContractError) setError(caught)
      else setUnexpected(caught)
    } finally {
      setBusy(false)
    }
  }
  return {
    busy,
    error,
    clear: () => setError(null),
    submit: (event) => {
      event?.preventDefault()
      if (!busy) void run()
    },
  }
}

import { useCallback, useEffect, useRef, useState } from 'react'
import type { OutputOf } from '../../../shared/contract/contract.js'
import { ContractError, type ErrorCode } from '../../../shared/contract/errors.js'
import { useServices } from '../../app/services.js'

export type Remembered = OutputOf<'memory.remembered'>

/** What is remembered of a conversation, loaded when it is first shown and again after each change. */
export function useRemembered(conversationId: string): {
  remembered: Remembered | null
  failure: ErrorCode | null
  load: () => Promise<void>
  /** @returns until when it can be brought back, in ms since the epoch. @throws ContractError */
  forget: (factId: string) => Promise<number>
  /** @throws ContractError */
  restore: (factId: string) => Promise<void>
} {
  const { client } = useServices()
  const [remembered, setRemembered] = useState<Remembered | null>(null)
  const [failure, setFailure] = useState<ErrorCode | null>(null)
  const shown = useRef(true)
  const load = useCallback(async () => {
    try {
      const loaded = await client.memory.remembered({ conversation_id: conversationId })
      if (!shown.current) return
      setRemembered(loaded)
      setFailure(null)
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      if (shown.current) setFailure(error.code)
    }
  }, [client, conversationId])
  useEffect(() => {
    shown.current = true
    void load()
    return () => {
      shown.current = false
    }
  }, [load])
  return {
    remembered,
    failure,
    load,
    forget: async (factId) => {
      const { restorable_until } = await client.memory.forget({ fact_id: factId })
      await load()
      return Date.parse(restorable_until)
    },
    restore: async (factId) => {
      await client.memory.restore({ fact_id: factId })
      await load()
    },
  }
}

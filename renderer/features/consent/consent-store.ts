import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Client } from '../../../shared/contract/client.js'
import type { Language } from '../../../shared/contract/common.js'
import type { ConsentState } from '../../../shared/contract/consent.js'

export interface ConsentStoreState {
  /** Null until it was read. */
  consent: ConsentState | null
}

export interface ConsentStore extends StoreApi<ConsentStoreState> {
  load(): Promise<void>
  /** Keeps a decision on the text that was shown. @throws ContractError */
  decide(given: boolean, language: Language): Promise<void>
}

/** Whether this person's questions may go to a provider outside the hospital. */
export function createConsentStore(client: Pick<Client, 'consent'>): ConsentStore {
  const store = createStore<ConsentStoreState>(() => ({ consent: null }))
  const load = async (): Promise<void> => store.setState({ consent: await client.consent.read({}) })
  return {
    ...store,
    load,
    decide: async (given, language) => {
      if (!store.getState().consent) await load()
      const version = store.getState().consent?.version
      if (version !== undefined) store.setState({ consent: await client.consent.set({ given, version, language }) })
    },
  }
}

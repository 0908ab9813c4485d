import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Client } from '../../../shared/contract/client.js'
import type { ProviderState } from '../../../shared/contract/providers.js'
import type { Preferences } from '../../../shared/contract/settings.js'

export interface PreferencesState {
  preferences: Preferences
  providers: readonly ProviderState[]
}

export interface PreferencesStore extends StoreApi<PreferencesState> {
  load(): Promise<void>
  /** Changes at once in the window, then on the device; goes back when the device refuses. @throws ContractError */
  update(patch: Partial<Preferences>): Promise<void>
  reloadProviders(): Promise<void>
  setProviders(providers: readonly ProviderState[]): void
}

const defaults: Preferences = { theme: 'system', provider: null, model: null, temperature: null, use_rag: true, complete_answers: null, send_voice_at_once: false }

/** How this person wants answers to be made, and the providers that they can choose from. */
export function createPreferencesStore(client: Pick<Client, 'settings' | 'providers'>): PreferencesStore {
  const store = createStore<PreferencesState>(() => ({ preferences: defaults, providers: [] }))
  const reloadProviders = async (): Promise<void> => {
    store.setState({ providers: (await client.providers.list({})).providers })
  }
  return {
    ...store,
    reloadProviders,
    setProviders: (providers) => store.setState({ providers }),
    load: async () => {
      const [preferences] = await Promise.all([client.settings.preferences({}), reloadProviders()])
      store.setState({ preferences })
    },
    update: async (patch) => {
      const before = store.getState().preferences
      store.setState({ preferences: { ...before, ...patch } })
      try {
        store.setState({ preferences: await client.settings.updatePreferences(patch) })
      } catch (error) {
        store.setState({ preferences: before })
        throw error
      }
    },
  }
}

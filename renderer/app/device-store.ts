import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Client } from '../../shared/contract/client.js'
import type { OutputOf } from '../../shared/contract/contract.js'
import type { Health } from '../../shared/contract/system.js'

export type DeviceInfo = OutputOf<'system.info'>

export interface Device {
  info: DeviceInfo | null
  health: Health | null
}

export interface DeviceStore extends StoreApi<Device> {
  /** Reads both again; failures leave what was known, since the connection's own state tells of them. */
  refresh(): Promise<void>
}

/** What the device is and how it is, as the backend last said. */
export function createDeviceStore(client: Pick<Client, 'system'>): DeviceStore {
  const store = createStore<Device>(() => ({ info: null, health: null }))
  return {
    ...store,
    refresh: async () => {
      const [info, health] = await Promise.allSettled([client.system.info({}), client.system.health({})])
      store.setState({
        ...(info.status === 'fulfilled' ? { info: info.value } : {}),
        ...(health.status === 'fulfilled' ? { health: health.value } : {}),
      })
    },
  }
}

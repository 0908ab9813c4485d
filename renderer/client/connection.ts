import { createStore, type StoreApi } from 'zustand/vanilla'

/** `starting` until the first answer; `lost` while the service on this device cannot be reached; `disk_failed` while it waits for a disk that refused a write. */
export type ConnectionStatus = 'starting' | 'connected' | 'lost' | 'disk_failed'

export interface Connection {
  status: ConnectionStatus
}

export type ConnectionStore = StoreApi<Connection>

/** Holds whether the backend can be reached; transports write it, the window shows it. */
export function createConnectionStore(): ConnectionStore {
  return createStore<Connection>(() => ({ status: 'starting' }))
}

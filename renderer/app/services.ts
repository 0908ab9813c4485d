import { createContext, useContext } from 'react'
import { createClient, type Client, type Transport } from '../../shared/contract/client.js'
import type { Language } from '../../shared/contract/common.js'
import { createConnectionStore, type ConnectionStatus, type ConnectionStore } from '../client/connection.js'
import { GuardedTransport } from '../client/guarded-transport.js'
import { SessionStore } from '../client/session-store.js'
import { createToastStore, type ToastStore } from '../components/toast-store.js'
import { createAppearanceStore, type AppearanceStore } from './appearance-store.js'
import { createDeviceStore, type DeviceStore } from './device-store.js'

/** What lives as long as the window; everything of one person lives in the workspace instead. */
export interface Services {
  client: Client
  session: SessionStore
  connection: ConnectionStore
  device: DeviceStore
  appearance: AppearanceStore
  toasts: ToastStore
}

export interface ServicesOptions {
  createTransport: (onConnection: (status: ConnectionStatus) => void) => Transport
  sessionStorage: Storage
  localStorage: Storage
  systemLanguage: string
}

export function createServices(options: ServicesOptions): Services {
  const session = new SessionStore({ storage: options.sessionStorage })
  const connection = createConnectionStore()
  const appearance = createAppearanceStore(options.localStorage, options.systemLanguage)
  const transport = new GuardedTransport(
    options.createTransport((status) => connection.setState({ status })),
    session,
  )
  const language = (): Language => appearance.getState().language
  const client = createClient(transport, {
    accessToken: () => session.signedIn?.accessToken ?? null,
    language,
    renew: () => session.renew(transport, language()),
  })
  return { client, session, connection, appearance, device: createDeviceStore(client), toasts: createToastStore() }
}

export const ServicesContext = createContext<Services | null>(null)

/** The window's services. @throws Error outside of the application's provider. */
export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (!services) throw new Error('ServicesContext is missing')
  return services
}

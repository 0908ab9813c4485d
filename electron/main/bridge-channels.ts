/** Names of the raw messages between the window's page and main; window-port.ts and preload.ts alone use them. */
export const connectChannel = 'carechat:connect'
export const portChannel = 'carechat:port'
export const lockChannel = 'carechat:lock'
export const serviceStateChannel = 'carechat:service-state'
/** The page receives its port as a message of this type, from its own window. */
export const portMessageType = 'carechat:port'

/** How a `connect` ended; it never rejects. With `ok` the port has been sent. */
export type ConnectResult = { ok: true } | { ok: false; code: 'backend_lost' | 'disk_failed' }

/** What the page is told about the service: usable, on its way (back), or waiting for a disk that refused a write. */
export type ServiceState = 'starting' | 'ready' | 'disk_failed'

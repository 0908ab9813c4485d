/** How a request for a port ended; with `ok` the port has been sent. */
export type ConnectResult = { ok: true } | { ok: false; code: 'backend_lost' | 'disk_failed' }

/** How the service is, as the shell sees it. */
export type ServiceState = 'starting' | 'ready' | 'disk_failed'

/** What the desktop shell's preload exposes to the window; absent in a plain browser. */
export interface CarechatBridge {
  /** Asks the shell for a new port to the backend; it arrives as a `carechat:port` message of this window. The port before it is closed. */
  connect(): Promise<ConnectResult>
  /** Calls back when the device is locked or goes to sleep. @returns a function that ends it */
  onLock(callback: () => void): () => void
  /** Calls back when the service stops, comes back, or waits because the disk refused a write. */
  onServiceState(callback: (state: ServiceState) => void): () => void
}

declare global {
  interface Window {
    readonly carechat?: CarechatBridge
  }
}

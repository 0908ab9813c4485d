/** What the desktop shell's preload exposes to the window; absent in a plain browser. */
export interface CarechatBridge {
  /** Asks the shell for a new port to the backend; it arrives as a `carechat:port` message of this window. */
  connect(): void
  /** Calls back when the device is locked, suspended or told to lock. */
  onLock(callback: () => void): unknown
}

declare global {
  interface Window {
    readonly carechat?: CarechatBridge
  }
}

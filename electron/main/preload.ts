/** What the page gets of the shell: three named functions. No event object and no channel name passes through. */
import { contextBridge, ipcRenderer } from 'electron'
import { connectChannel, lockChannel, portChannel, portMessageType, serviceStateChannel, type ConnectResult, type ServiceState } from './bridge-channels.js'

ipcRenderer.on(portChannel, (event) => {
  // To this page's own origin only; a MessagePort cannot cross the context bridge any other way.
  window.postMessage({ type: portMessageType }, window.location.origin, event.ports)
})

/** Calls the listener with each message of the channel; the answer ends it. */
function listen<Value>(channel: string, listener: (value: Value) => void): () => void {
  const handle = (_event: unknown, value: Value): void => listener(value)
  ipcRenderer.on(channel, handle)
  return () => void ipcRenderer.off(channel, handle)
}

contextBridge.exposeInMainWorld('carechat', {
  /** Asks for a new port to the backend; it comes as a `carechat:port` message of this window. The port before it is closed. */
  connect: (): Promise<ConnectResult> => ipcRenderer.invoke(connectChannel) as Promise<ConnectResult>,
  /** Calls back when the screen is locked or the device goes to sleep. */
  onLock: (callback: () => void): (() => void) => listen(lockChannel, () => callback()),
  /** Calls back when the service on this device stops, comes back, or waits because the disk refused a write. */
  onServiceState: (callback: (state: ServiceState) => void): (() => void) => listen<ServiceState>(serviceStateChannel, (state) => callback(state)),
})

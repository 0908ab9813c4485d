/** Gives the window's page its port to the backend, and takes it away. One port at a time, bound to the frame that asked. */
import { ipcMain, MessageChannelMain, type BrowserWindow, type MessagePortMain } from 'electron'
import type { BackendHost } from './backend-host.js'
import { connectChannel, lockChannel, portChannel, serviceStateChannel, type ConnectResult, type ServiceState } from './bridge-channels.js'
import { isTrustedSender } from './sender-check.js'

export class WindowPort {
  readonly #window: BrowserWindow
  readonly #host: BackendHost<MessagePortMain>
  #connectionId: number | null = null
  #lastConnectionId = 0
  /** Rises whenever the page that asked may be gone: an answer made for an older page is dropped. */
  #page = 0
  /** The request that waits for the backend; the page may ask again meanwhile and gets the same answer. */
  #asking: { page: number; result: Promise<ConnectResult> } | null = null

  constructor(window: BrowserWindow, host: BackendHost<MessagePortMain>) {
    this.#window = window
    this.#host = host
    const contents = window.webContents
    // When another document is there, not when one is asked for: a link that was refused must not cost the page its answers.
    contents.on('did-navigate', () => this.#leavePage())
    contents.on('render-process-gone', () => this.#leavePage())
    ipcMain.handle(connectChannel, async (event): Promise<ConnectResult> => {
      const frame = event.senderFrame
      // Whoever else asks learns nothing: neither why, nor whether there is a backend.
      if (this.#window.isDestroyed() || !frame || !isTrustedSender(frame, contents.mainFrame)) return { ok: false, code: 'backend_lost' }
      if (this.#asking?.page !== this.#page) this.#asking = { page: this.#page, result: this.#connect(this.#page) }
      return this.#asking.result
    })
    window.once('closed', () => {
      ipcMain.removeHandler(connectChannel)
      this.close()
    })
  }

  /** Takes the port away and tells the page to lock itself. */
  lock(): void {
    this.close()
    if (!this.#window.isDestroyed()) this.#window.webContents.send(lockChannel)
  }

  /** Tells the page how the service is. */
  announce(state: ServiceState): void {
    if (!this.#window.isDestroyed()) this.#window.webContents.send(serviceStateChannel, state)
  }

  /** Closes the port; the page may ask for another. */
  close(): void {
    if (this.#connectionId !== null) this.#host.disconnect(this.#connectionId)
    this.#connectionId = null
  }

  #leavePage(): void {
    this.#page += 1
    this.#asking = null
    this.close()
  }

  async #connect(page: number): Promise<ConnectResult> {
    const state = await this.#host.answers()
    if (page !== this.#page || this.#window.isDestroyed()) return { ok: false, code: 'backend_lost' }
    this.#asking = null
    if (state !== 'ready') return { ok: false, code: state === 'disk_failed' ? 'disk_failed' : 'backend_lost' }
    this.close()
    const { port1, port2 } = new MessageChannelMain()
    this.#lastConnectionId += 1
    if (!this.#host.connect(this.#lastConnectionId, port1)) {
      port1.close()
      port2.close()
      return { ok: false, code: 'backend_lost' }
    }
    this.#connectionId = this.#lastConnectionId
    this.#window.webContents.mainFrame.postMessage(portChannel, null, [port2])
    return { ok: true }
  }
}

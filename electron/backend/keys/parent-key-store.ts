/** Secrets that the Electron shell keeps; each is asked for over the process's message port. */
import type { BackendMessage, ShellMessage } from '../process-messages.js'
import type { KeyStore } from './key-store.js'

export class ParentKeyStore implements KeyStore {
  readonly mode: KeyStore['mode']
  readonly #tell: (message: BackendMessage) => void
  readonly #pending = new Map<number, { resolve: (value: string | null) => void; reject: (error: Error) => void }>()
  #lastId = 0

  constructor(mode: KeyStore['mode'], tell: (message: BackendMessage) => void) {
    this.mode = mode
    this.#tell = tell
  }

  get(name: string): Promise<string | null> {
    return this.#ask((id) => ({ type: 'key-get', id, name }))
  }

  async set(name: string, value: string | null): Promise<void> {
    await this.#ask((id) => ({ type: 'key-set', id, name, value }))
  }

  /** Takes the shell's answer. */
  settle(message: Extract<ShellMessage, { type: 'key' }>): void {
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if (message.failed) pending?.reject(new Error('the key store refused'))
    else pending?.resolve(message.value)
  }

  #ask(message: (id: number) => BackendMessage): Promise<string | null> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#tell(message(id))
    })
  }
}

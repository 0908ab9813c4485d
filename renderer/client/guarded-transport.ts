import type { Transport, TransportRequest } from '../../shared/contract/client.js'
import { ContractError } from '../../shared/contract/errors.js'
import type { SessionStore } from './session-store.js'

/** Ends the session when the backend no longer accepts the token that the session still holds. */
export class GuardedTransport implements Transport {
  readonly #inner: Transport
  readonly #session: SessionStore

  constructor(inner: Transport, session: SessionStore) {
    this.#inner = inner
    this.#session = session
  }

  async request(request: TransportRequest): Promise<unknown> {
    try {
      return await this.#inner.request(request)
    } catch (error) {
      const refused = error instanceof ContractError && error.code === 'unauthenticated'
      if (refused && request.token !== null && request.token === this.#session.signedIn?.accessToken) this.#session.end('expired')
      throw error
    }
  }

  close(): void {
    this.#inner.close()
  }
}

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Session, Tokens, User } from '../../shared/contract/accounts.js'
import type { Transport } from '../../shared/contract/client.js'
import type { Language } from '../../shared/contract/common.js'
import { ContractError } from '../../shared/contract/errors.js'

export interface SignedIn {
  accessToken: string
  refreshToken: string
  user: User
}

/** Why the last session ended; shown once where the person signs in. */
export type EndReason = 'left' | 'expired' | 'idle' | 'locked'

export interface SessionState {
  signedIn: SignedIn | null
  endReason: EndReason | null
  /** Whether the session that ended was a guest's, who has nothing to sign in with. */
  endedGuest: boolean
}

const storageKey = 'carechat.session'

/** Tokens that were renewed less than this many ms ago answer for every request that was refused with the old ones. */
const renewedRecentlyMs = 5_000

export interface SessionStoreOptions {
  /** `sessionStorage`: a reload keeps the session, closing the window ends it. */
  storage: Storage
  now?: () => number
}

/** The signed-in person and their tokens. Renewal is single-flight: requests that expire together share one exchange. */
export class SessionStore {
  readonly state: StoreApi<SessionState>
  readonly #storage: Storage
  readonly #now: () => number
  #renewal: Promise<boolean> | null = null
  #renewedAt = Number.NEGATIVE_INFINITY

  constructor(options: SessionStoreOptions) {
    this.#storage = options.storage
    this.#now = options.now ?? (() => Date.now())
    this.state = createStore<SessionState>(() => ({ signedIn: this.#restore(), endReason: null, endedGuest: false }))
  }

  get signedIn(): SignedIn | null {
    return this.state.getState().signedIn
  }

  begin(session: Session): void {
    this.#renewedAt = this.#now()
    this.#keep({ accessToken: session.access_token, refreshToken: session.refresh_token, user: session.user })
  }

  updateUser(user: User): void {
    if (this.signedIn) this.#keep({ ...this.signedIn, user })
  }

  /** Forgets the person and everything in this window's storage. */
  end(reason: EndReason): void {
    const endedGuest = this.signedIn?.user.role === 'guest'
    this.#storage.clear()
    this.#renewal = null
    this.state.setState({ signedIn: null, endReason: reason, endedGuest })
  }

  clearEndReason(): void {
    this.state.setState({ endReason: null })
  }

  /**
   * Exchanges the refresh token. False when the person has to sign in again: the session has then ended.
   * @throws ContractError when the backend could not be asked; the session stays.
   */
  renew(transport: Transport, language: Language): Promise<boolean> {
    if (!this.signedIn) return Promise.resolve(false)
    if (this.#now() - this.#renewedAt < renewedRecentlyMs) return Promise.resolve(true)
    this.#renewal ??= this.#exchange(transport, language, this.signedIn).finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  async #exchange(transport: Transport, language: Language, before: SignedIn): Promise<boolean> {
    try {
      const input = { refresh_token: before.refreshToken }
      const tokens = (await transport.request({ method: 'accounts.refresh', input, token: null, language })) as Tokens
      if (this.signedIn?.refreshToken !== before.refreshToken) return false
      this.#renewedAt = this.#now()
      this.#keep({ ...this.signedIn, accessToken: tokens.access_token, refreshToken: tokens.refresh_token })
      return true
    } catch (error) {
      if (!(error instanceof ContractError) || error.status !== 401) throw error
      if (this.signedIn?.refreshToken === before.refreshToken) this.end('expired')
      return false
    }
  }

  #keep(signedIn: SignedIn): void {
    this.#storage.setItem(storageKey, JSON.stringify(signedIn))
    this.state.setState({ signedIn, endReason: null })
  }

  #restore(): SignedIn | null {
    const stored = this.#storage.getItem(storageKey)
    if (stored === null) return null
    try {
      const value = JSON.parse(stored) as Partial<SignedIn>
      return typeof value.accessToken === 'string' && typeof value.refreshToken === 'string' && value.user ? (value as SignedIn) : null
    } catch {
      // What is not JSON was not written by this store.
      this.#storage.removeItem(storageKey)
      return null
    }
  }
}

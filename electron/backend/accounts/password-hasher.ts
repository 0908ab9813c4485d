/** Hashes and compares passwords in the password thread. */
import type { Worker } from 'node:worker_threads'
import { startWorker } from '../workers/start-worker.js'
import { maximumPasswordBytes } from './password-policy.js'
import type { PasswordReply, PasswordRequest } from './password-worker.js'

/** A bcrypt hash (cost 12) of a random password that nobody has: compared for unknown people, so that both answers take as long. */
const nobodysHash = '$2b$12$knX4asBzyIzbhsxXkjkhZe1i2PNby7qZoT0Mprk1RxTJh90M7ma2q'

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never

export class PasswordHasher {
  readonly #worker: Worker
  readonly #cost: number
  readonly #pending = new Map<number, { resolve: (reply: PasswordReply) => void; reject: (error: Error) => void }>()
  #lastId = 0

  /** `cost`: bcrypt's log2 of rounds; 12 in the product. */
  constructor(cost = 12) {
    this.#cost = cost
    this.#worker = startWorker('password-worker', null)
    this.#worker.unref()
    this.#worker.on('message', (reply: PasswordReply) => {
      const pending = this.#pending.get(reply.id)
      this.#pending.delete(reply.id)
      if ('failed' in reply) pending?.reject(new Error('the password thread failed'))
      else pending?.resolve(reply)
    })
    const failAll = (): void => {
      for (const pending of this.#pending.values()) pending.reject(new Error('the password thread ended'))
      this.#pending.clear()
    }
    this.#worker.on('error', failAll).on('exit', failAll)
  }

  /** bcrypt hash of a password that the policy accepted. */
  async hash(password: string): Promise<string> {
    const reply = await this.#request({ type: 'hash', password, cost: this.#cost })
    if (!('hash' in reply)) throw new Error('the password thread gave an unexpected reply')
    return reply.hash
  }

  /** Whether the password has this hash; with null it computes as long and says no. */
  async compare(password: string, hash: string | null): Promise<boolean> {
    const normalised = password.normalize('NFC')
    const reply = await this.#request({ type: 'compare', password: normalised, hash: hash ?? nobodysHash })
    // bcrypt would take a longer password for the one that it begins with.
    return hash !== null && Buffer.byteLength(normalised) <= maximumPasswordBytes && 'matches' in reply && reply.matches
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #request(request: DistributiveOmit<PasswordRequest, 'id'>): Promise<PasswordReply> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#worker.postMessage({ ...request, id })
    })
  }
}

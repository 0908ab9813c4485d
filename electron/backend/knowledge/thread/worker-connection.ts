/** The knowledge thread as its service sees it: requests by name, cancellation, and an end that fails what is open. */
import type { Worker } from 'node:worker_threads'
import { ContractError } from '../../../../shared/contract/errors.js'
import type { FromWorker, KnowledgeRequests, RequestName } from './worker-messages.js'

/** The thread failed at a request; the message holds the error's name alone. */
export class KnowledgeWorkerError extends Error {
  constructor(reason: string) {
    super(`the knowledge thread failed (${reason})`)
    this.name = 'KnowledgeWorkerError'
  }
}

interface Pending {
  resolve: (output: unknown) => void
  reject: (error: Error) => void
}

/** How long a thread may take to end by itself, ms. */
const closingLimitMs = 3000

export class WorkerConnection {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  readonly #ended: Promise<void>
  #lastId = 0
  #alive = true

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (message: FromWorker) => this.#settle(message))
    // What the thread failed with may quote a text; its end is what counts.
    worker.on('error', () => undefined)
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#alive = false
        for (const pending of this.#pending.values()) pending.reject(new KnowledgeWorkerError('ended'))
        this.#pending.clear()
        resolve()
      })
    })
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Resolves when the thread has ended. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /**
   * Sends a request; the buffers of `transfer` are handed over. Rejects with KnowledgeWorkerError, or with ContractError `cancelled` after the
   * signal.
   */
  request<Name extends RequestName>(name: Name, input: KnowledgeRequests[Name]['input'], signal?: AbortSignal, transfer: ArrayBuffer[] = []): Promise<KnowledgeRequests[Name]['output']> {
    if (!this.#alive) return Promise.reject(new KnowledgeWorkerError('ended'))
    if (signal?.aborted) return Promise.reject(new ContractError('cancelled'))
    const id = ++this.#lastId
    const cancel = (): void => this.#worker.postMessage({ id, name: 'cancel' })
    signal?.addEventListener('abort', cancel, { once: true })
    return new Promise<KnowledgeRequests[Name]['output']>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (output: unknown) => void, reject })
      this.#worker.postMessage({ id, name, input }, transfer)
    }).finally(() => signal?.removeEventListener('abort', cancel))
  }

  /** Lets the thread free its model and end; ends it when it does not. */
  async close(): Promise<void> {
    if (!this.#alive) return
    const limit = setTimeout(() => void this.#worker.terminate(), closingLimitMs)
    this.request('close', null).catch(() => undefined)
    await this.#ended
    clearTimeout(limit)
  }

  #settle(message: FromWorker): void {
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if (message.ok) pending?.resolve(message.output)
    else pending?.reject(message.cancelled ? new ContractError('cancelled') : new KnowledgeWorkerError(message.reason))
  }
}

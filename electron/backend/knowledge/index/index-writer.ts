/** The index thread as the clinical index sees it: started with the first change, ended when nothing was written for a while. */
import type { Worker } from 'node:worker_threads'
import { startWorker } from '../../workers/start-worker.js'
import type { FromIndexWorker } from './index-worker.js'
import type { SegmentChange } from './segment-writer.js'

/** How long the thread stays after a change, ms; it holds some 60 MB. */
const idleLimitMs = 15_000

interface Thread {
  worker: Worker
  pending: Map<number, { resolve: () => void; reject: (error: Error) => void }>
}

export class IndexWriter {
  #thread: Thread | null = null
  #lastId = 0
  #idle: NodeJS.Timeout | undefined

  /** Writes a change of one segment; its vectors are handed over. Rejects when it is not on disk. */
  write(change: SegmentChange): Promise<void> {
    clearTimeout(this.#idle)
    const { worker, pending } = (this.#thread ??= this.#start())
    const id = ++this.#lastId
    return new Promise<void>((resolve, reject) => {
      pending.set(id, { resolve, reject })
      worker.postMessage({ id, change }, [change.vectors.buffer as ArrayBuffer])
    }).finally(() => {
      if (pending.size === 0) this.#idle = setTimeout(() => void this.close(), idleLimitMs).unref()
    })
  }

  /** Ends the thread; what it was writing is whole on disk or not there. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    this.#thread = null
    await thread?.worker.terminate()
  }

  #start(): Thread {
    const worker = startWorker('index-worker', null)
    const thread: Thread = { worker, pending: new Map() }
    const fail = (reason: string): void => {
      if (this.#thread === thread) this.#thread = null
      for (const { reject } of thread.pending.values()) reject(new Error(`the clinical index was not written (${reason})`))
      thread.pending.clear()
    }
    worker.on('message', ({ id, failure }: FromIndexWorker) => {
      const pending = thread.pending.get(id)
      thread.pending.delete(id)
      if (failure === null) pending?.resolve()
      else pending?.reject(new Error(`the clinical index was not written (${failure})`))
    })
    worker.on('error', (error) => fail(error.name))
    worker.on('exit', () => fail('the thread ended'))
    return thread
  }
}

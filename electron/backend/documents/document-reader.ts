/** Reads files in a thread of their own, within limits of time and memory; a file that breaks the thread breaks nothing else. */
import type { Worker } from 'node:worker_threads'
import type { Language } from '../../../shared/contract/common.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { startWorker } from '../workers/start-worker.js'
import type { DocumentWorkerData, FromDocumentWorker } from './document-worker-messages.js'
import { DocumentFailure } from './parsing/document-failure.js'
import type { ReadingProgress } from './parsing/document-text.js'
import type { ParsedDocument } from './parsing/parse-document.js'

export interface ReadingLimits {
  /** Longest time for a file, ms. */
  timeMs: number
  /** Of the thread's heap, MB. */
  heapMb: number
  /** By how much the whole process may grow meanwhile, MB: unpacked streams lie outside of the heap. */
  growthMb: number
}

const productLimits: ReadingLimits = { timeMs: 60_000, heapMb: 768, growthMb: 1024 }
/** How often the process's memory is looked at, ms. */
const lookEveryMs = 50

export interface ReadingRequest {
  bytes: Uint8Array
  fileName: string
  fallback: Language
  signal: AbortSignal
  onProgress: ReadingProgress
}

export class DocumentReader {
  readonly #limits: ReadingLimits
  readonly #workerSource: URL | undefined

  /** `workerSource` is a test's own thread in place of the product's. */
  constructor(options: { limits?: Partial<ReadingLimits>; workerSource?: URL } = {}) {
    this.#limits = { ...productLimits, ...options.limits }
    this.#workerSource = options.workerSource
  }

  /** Reads a file. Throws ContractError: a `document_…` code, or `cancelled` after the signal; the thread has ended then. */
  async read({ bytes, fileName, fallback, signal, onProgress }: ReadingRequest): Promise<ParsedDocument> {
    if (signal.aborted) throw new ContractError('cancelled')
    const data: DocumentWorkerData = { bytes, fileName, fallback }
    const worker = startWorker('document-worker', data, {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMb, maxYoungGenerationSizeMb: 64 },
      ...(this.#workerSource ? { source: this.#workerSource } : {}),
    })
    try {
      return await this.#outcome(worker, signal, onProgress)
    } catch (error) {
      throw error instanceof DocumentFailure ? new ContractError(error.code, { cause: error }) : error
    } finally {
      await worker.terminate()
    }
  }

  #outcome(worker: Worker, signal: AbortSignal, onProgress: ReadingProgress): Promise<ParsedDocument> {
    const { timeMs, growthMb } = this.#limits
    const memoryAtStart = process.memoryUsage.rss()
    return new Promise<ParsedDocument>((resolve, reject) => {
      const timer = setTimeout(() => end(() => reject(new DocumentFailure('document_took_too_long'))), timeMs)
      const look = setInterval(() => {
        if (process.memoryUsage.rss() - memoryAtStart > growthMb * 1024 * 1024) end(() => reject(new DocumentFailure('document_too_complex')))
      }, lookEveryMs)
      const cancel = (): void => end(() => reject(new ContractError('cancelled')))
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        clearInterval(look)
        signal.removeEventListener('abort', cancel)
        settle()
      }
      signal.addEventListener('abort', cancel, { once: true })
      worker.on('message', (message: FromDocumentWorker) => {
        if (message.type === 'progress') onProgress(message.done, message.total)
        else if (message.type === 'parsed') end(() => resolve(message.document))
        else end(() => reject(new DocumentFailure(message.code)))
      })
      worker.on('error', (error: NodeJS.ErrnoException) => {
        end(() => reject(new DocumentFailure(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'document_too_complex' : 'document_unreadable', error)))
      })
      worker.on('exit', () => end(() => reject(new DocumentFailure('document_unreadable'))))
    })
  }
}

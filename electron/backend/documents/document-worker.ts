/** The document thread: reads one file and ends. It is started for each file with limits of its own, so that it can be ended at any time. */
import { parentPort, workerData } from 'node:worker_threads'
import type { DocumentWorkerData, FromDocumentWorker } from './document-worker-messages.js'
import { DocumentFailure } from './parsing/document-failure.js'

if (!parentPort) throw new Error('the document thread needs a parent')
const port = parentPort
const { bytes, fileName, fallback } = workerData as DocumentWorkerData
const tell = (message: FromDocumentWorker): void => port.postMessage(message)

/** Shortest time between two reports, ms. */
const reportEveryMs = 100
let reportedAt = 0

// The libraries warn on the console about what is wrong with a file, and quote it.
const silent = (): void => undefined
Object.assign(console, { log: silent, info: silent, warn: silent, error: silent, debug: silent })

try {
  const { parseDocument } = await import('./parsing/parse-document.js')
  const document = await parseDocument({
    bytes,
    fileName,
    fallback,
    onProgress: (done, total) => {
      const now = performance.now()
      if (now - reportedAt < reportEveryMs && done < total) return
      reportedAt = now
      tell({ type: 'progress', done, total })
    },
  })
  tell({ type: 'parsed', document })
} catch (error) {
  tell({ type: 'failed', code: error instanceof DocumentFailure ? error.code : 'document_unreadable' })
}

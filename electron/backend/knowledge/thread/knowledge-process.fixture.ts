/** The knowledge thread's work in a process of its own; see relayed-worker.fixture.ts. */
import { runKnowledgeThread } from './knowledge-thread.js'
import type { KnowledgeWorkerData, ToWorker } from './worker-messages.js'

await runKnowledgeThread(
  {
    // As a MessagePort, it drops what comes after the close.
    postMessage: (message) => void (process.connected && process.send?.(message)),
    on: (event, listener) => process.on(event, (message) => listener(message as ToWorker)),
    close: () => process.disconnect(),
  },
  JSON.parse(process.env['KNOWLEDGE_DATA'] ?? '') as KnowledgeWorkerData,
)

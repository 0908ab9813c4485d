/** The knowledge thread's entry. One a process: the runtime of the model cannot be loaded by a second thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { runKnowledgeThread } from './knowledge-thread.js'
import type { KnowledgeWorkerData } from './worker-messages.js'

if (!parentPort) throw new Error('the knowledge thread needs a parent')
await runKnowledgeThread(parentPort, workerData as KnowledgeWorkerData)

/**
 * Starts a worker thread of the backend by name. In a built backend the workers lie beside the bundle as JavaScript;
 * from source (tests, development commands) they are TypeScript and are loaded through tsx.
 */
import { fileURLToPath } from 'node:url'
import { Worker, type ResourceLimits } from 'node:worker_threads'

/** Where each worker's source lies, relative to electron/backend. The build makes one bundle of each under its name. */
export const workerSources = {
  'database-worker': 'database/database-worker.ts',
  'password-worker': 'accounts/password-worker.ts',
  'knowledge-worker': 'knowledge/thread/knowledge-worker.ts',
  'index-worker': 'knowledge/index/index-worker.ts',
  'document-worker': 'documents/document-worker.ts',
  'audio-worker': 'voice/audio/audio-worker.ts',
  'speech-worker': 'voice/device/speech-worker.ts',
} as const
export type WorkerName = keyof typeof workerSources

/** Starts the worker with its data; `source` lets a test start a double of the same worker from another file. */
export function startWorker(name: WorkerName, workerData: unknown, { source, ...limits }: { source?: URL; resourceLimits?: ResourceLimits } = {}): Worker {
  const fromSource = import.meta.url.endsWith('.ts')
  // The build keeps every bundle and chunk of the backend in one flat folder, so that a worker lies beside whichever file holds this code.
  const url = source ?? new URL(fromSource ? `../${workerSources[name]}` : `./${name}.js`, import.meta.url)
  if (!url.pathname.endsWith('.ts')) return new Worker(fileURLToPath(url), { name, workerData, ...limits })
  // Node 20 ignores a loader given by --import in a worker, so the thread registers it itself.
  const loadSource = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}) })`
  return new Worker(loadSource, { name, workerData, eval: true, ...limits })
}

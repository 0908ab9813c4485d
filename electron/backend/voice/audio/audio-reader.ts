/** Reads recordings in a thread of their own, within a limit of time; a file that breaks the thread breaks nothing else. */
import type { Worker } from 'node:worker_threads'
import { ContractError } from '../../../../shared/contract/errors.js'
import { startWorker } from '../../workers/start-worker.js'
import type { AudioWorkerData, FromAudioWorker } from './audio-worker.js'
import type { ReadAudio } from './read-audio.js'

const longestMs = 20_000

/** Reads a recording. Throws ContractError: an `audio_…` code, or `cancelled` after the signal; the thread has ended then. */
export async function readInThread(bytes: Uint8Array, signal: AbortSignal, { limitMs = longestMs, workerSource }: { limitMs?: number; workerSource?: URL } = {}): Promise<ReadAudio> {
  if (signal.aborted) throw new ContractError('cancelled')
  const data: AudioWorkerData = { bytes }
  const worker = startWorker('audio-worker', data, { resourceLimits: { maxOldGenerationSizeMb: 512 }, ...(workerSource ? { source: workerSource } : {}) })
  try {
    return await outcome(worker, signal, limitMs)
  } finally {
    await worker.terminate()
  }
}

function outcome(worker: Worker, signal: AbortSignal, limitMs: number): Promise<ReadAudio> {
  return new Promise((resolve, reject) => {
    const refuse = (code: ConstructorParameters<typeof ContractError>[0], cause?: unknown) => (): void => end(() => reject(new ContractError(code, { cause })))
    const timer = setTimeout(refuse('audio_unreadable'), limitMs)
    const cancel = refuse('cancelled')
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      settle()
    }
    signal.addEventListener('abort', cancel, { once: true })
    worker.on('message', (message: FromAudioWorker) => (message.type === 'read' ? end(() => resolve(message.audio)) : refuse(message.code)()))
    worker.on('error', (error) => refuse('audio_unreadable', error)())
    worker.on('exit', refuse('audio_unreadable'))
  })
}

/** The thread that hears: it loads the model once, then turns one recording after another into text. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Language } from '../../../../shared/contract/common.js'
import type { SpokenText } from '../../providers/spoken-text.js'
import { loadWhisper } from './load-whisper.js'
import type { SpeechModelManifest } from './speech-model-manifest.js'

export interface SpeechWorkerData {
  folder: string
  manifest: SpeechModelManifest
}
export interface ToSpeechWorker {
  samples: Float32Array
  language: Language | null
}
/** `failed` holds the error's name and no more: a message may quote what was heard. */
export type FromSpeechWorker = { type: 'heard'; spoken: SpokenText } | { type: 'failed'; name: string }

const { folder, manifest } = workerData as SpeechWorkerData
const tell = (message: FromSpeechWorker): void => parentPort?.postMessage(message)
const loading = loadWhisper(folder, manifest)
// Told at the recording that waits for it.
loading.catch(() => undefined)

parentPort?.on('message', ({ samples, language }: ToSpeechWorker) => {
  loading
    .then((model) => model.transcribe(samples, language))
    .then(
      (spoken) => tell({ type: 'heard', spoken }),
      (error: unknown) => tell({ type: 'failed', name: error instanceof Error ? error.name : 'unknown' }),
    )
})

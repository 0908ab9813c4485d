/** The thread that reads one recording and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { AudioFailure } from './audio-failure.js'
import { readAudio, type ReadAudio } from './read-audio.js'

export interface AudioWorkerData {
  bytes: Uint8Array
}
export type FromAudioWorker = { type: 'read'; audio: ReadAudio } | { type: 'refused'; code: AudioFailure['code'] }

const { bytes } = workerData as AudioWorkerData
const tell = (message: FromAudioWorker, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer)

readAudio(bytes).then(
  (audio) => tell({ type: 'read', audio }, audio.samples ? [audio.samples.buffer as ArrayBuffer] : []),
  (error: unknown) => tell({ type: 'refused', code: error instanceof AudioFailure ? error.code : 'audio_unreadable' }),
)

/** Speech recognition on this device: one recording at a time, in a thread that starts when it is first needed and ends when it is not. */
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { Language } from '../../../../shared/contract/common.js'
import type { SpokenText } from '../../providers/spoken-text.js'
import { startWorker } from '../../workers/start-worker.js'
import type { DeviceSpeech } from '../speech-service.js'
import { readSpeechModelManifest, type SpeechModelManifest } from './speech-model-manifest.js'
import type { FromSpeechWorker, SpeechWorkerData, ToSpeechWorker } from './speech-worker.js'

/** Longest time for a recording, ms: for loading the model, and for each second of sound on a slow processor. */
const loadingLimitMs = 120_000
const limitASecondMs = 4_000

/** How long the model is kept in memory after the last recording, ms. */
const idleMs = 5 * 60_000

export interface DeviceWhisperParts {
  /** Where a model is looked for when none was configured: the first folder whose name begins with `whisper`. */
  modelsFolder: string
  /** A test's own thread in place of the product's. */
  workerSource?: URL
  idleMs?: number
}

interface Found {
  folder: string
  manifest: SpeechModelManifest
}

export class DeviceWhisper implements DeviceSpeech {
  readonly #parts: DeviceWhisperParts
  #configured = ''
  #worker: { worker: Worker; folder: string } | null = null
  #idle: NodeJS.Timeout | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: DeviceWhisperParts) {
    this.#parts = parts
  }

  /** Sets the folder of the model; empty looks below the models' own folder. */
  setFolder(folder: string): void {
    this.#configured = folder
  }

  async model(): Promise<string | null> {
    return (await this.#find())?.manifest.id ?? null
  }

  transcribe(request: { samples: Float32Array; language: Language | null; signal: AbortSignal }): Promise<SpokenText> {
    const turn = this.#last.then(() => this.#hear(request))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const running = this.#worker
    this.#worker = null
    await running?.worker.terminate()
  }

  async #hear({ samples, language, signal }: { samples: Float32Array; language: Language | null; signal: AbortSignal }): Promise<SpokenText> {
    signal.throwIfAborted()
    const found = await this.#find()
    if (!found) throw new Error('there is no speech model on this device')
    const worker = await this.#workerFor(found)
    clearTimeout(this.#idle)
    try {
      return await new Promise<SpokenText>((resolve, reject) => {
        // A model that is in the middle of a run hears nothing: its thread is ended, and the next recording begins another.
        const cancel = (): void => end(() => reject(signal.reason as Error), true)
        const message = (answer: FromSpeechWorker): void => end(() => (answer.type === 'heard' ? resolve(answer.spoken) : reject(new Error(`speech recognition failed (${answer.name})`))))
        const exit = (): void => end(() => reject(new Error('the speech thread ended')), true)
        const timer = setTimeout(() => end(() => reject(new Error('speech recognition took too long')), true), loadingLimitMs + (samples.length / 16_000) * limitASecondMs)
        const end = (settle: () => void, over = false): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', cancel)
          worker.off('message', message)
          worker.off('exit', exit)
          if (over) void this.close()
          settle()
        }
        signal.addEventListener('abort', cancel, { once: true })
        worker.on('message', message)
        worker.on('exit', exit)
        const request: ToSpeechWorker = { samples, language }
        worker.postMessage(request)
      })
    } finally {
      this.#idle = setTimeout(() => void this.close(), this.#parts.idleMs ?? idleMs)
      this.#idle.unref()
    }
  }

  async #workerFor({ folder, manifest }: Found): Promise<Worker> {
    if (this.#worker?.folder === folder) return this.#worker.worker
    await this.close()
    const data: SpeechWorkerData = { folder, manifest }
    const worker = startWorker('speech-worker', data, this.#parts.workerSource ? { source: this.#parts.workerSource } : {})
    // Its end is what counts; what it failed with may quote what was heard.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      if (this.#worker?.worker === worker) this.#worker = null
    })
    this.#worker = { worker, folder }
    return worker
  }

  /** The model that is used. A manifest that is not valid counts as none. */
  async #find(): Promise<Found | null> {
    const below = this.#configured === '' ? await fs.readdir(this.#parts.modelsFolder).catch(() => []) : []
    const folders = this.#configured === '' ? below.filter((name) => name.startsWith('whisper')).sort().map((name) => path.join(this.#parts.modelsFolder, name)) : [this.#configured]
    for (const folder of folders) {
      const manifest = await readSpeechModelManifest(folder).catch(() => null)
      if (manifest) return { folder, manifest }
    }
    return null
  }
}

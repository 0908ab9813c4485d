/**
 * Runs embedding work in small chunks, a question's before a background build's, so that a question waits for one chunk at most.
 * Between chunks the thread handles its messages. A build runs one text at a time: more at once are no quicker on a processor (measured: 50 ms
 * a passage alone, 50 to 57 in runs of 2 to 16), they would keep a question waiting, and a text's numbers would depend on its neighbours.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'

export interface Embedder {
  embed(texts: readonly string[], kind: 'query' | 'passage'): Promise<Float32Array[]>
}

/** Of other work one run of the model takes at most this many texts and, where it is more than one text, this many characters (some 80 ms). */
const textsARun = 8
const charactersARun = 1000

interface Job {
  texts: readonly string[]
  kind: 'query' | 'passage'
  background: boolean
  vectors: Float32Array[]
  signal: AbortSignal | undefined
  resolve: (vectors: Float32Array[]) => void
  reject: (error: unknown) => void
}

export class EmbeddingQueue {
  readonly #embedder: Embedder
  readonly #urgent: Job[] = []
  readonly #background: Job[] = []
  #running: Promise<void> | null = null
  #closed = false

  constructor(embedder: Embedder) {
    this.#embedder = embedder
  }

  /** Vectors of the texts in order. Rejects with the signal's reason when it is aborted before the last chunk. */
  embed(texts: readonly string[], kind: 'query' | 'passage', options: { background?: boolean; signal?: AbortSignal } = {}): Promise<Float32Array[]> {
    if (texts.length === 0) return Promise.resolve([])
    if (this.#closed) return Promise.reject(new Error('the embedding queue is closed'))
    return new Promise((resolve, reject) => {
      const background = options.background === true
      const queue = background ? this.#background : this.#urgent
      queue.push({ texts, kind, background, vectors: [], signal: options.signal, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Rejects what waits and resolves when nothing runs any more; then the model can be freed. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    for (let job = this.#next(); job; job = this.#next()) {
      try {
        job.signal?.throwIfAborted()
        if (this.#closed) throw new Error('the embedding queue is closed')
        job.vectors.push(...(await this.#embedder.embed(nextChunk(job), job.kind)))
        if (job.vectors.length === job.texts.length) {
          this.#remove(job)
          job.resolve(job.vectors)
        }
      } catch (error) {
        this.#remove(job)
        job.reject(error)
      }
      await nextTurn()
    }
    this.#running = null
  }

  #next(): Job | undefined {
    return this.#urgent[0] ?? this.#background[0]
  }

  #remove(job: Job): void {
    for (const queue of [this.#urgent, this.#background]) {
      const at = queue.indexOf(job)
      if (at >= 0) queue.splice(at, 1)
    }
  }
}

function nextChunk(job: Job): string[] {
  const chunk: string[] = []
  let characters = 0
  for (const text of job.texts.slice(job.vectors.length, job.vectors.length + (job.background ? 1 : textsARun))) {
    characters += text.length
    if (chunk.length > 0 && characters > charactersARun) break
    chunk.push(text)
  }
  return chunk
}

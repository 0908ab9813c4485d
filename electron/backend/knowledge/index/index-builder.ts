/**
 * Brings the database, the worker's indexes and the clinical index on disk into step: articles into the database, passages into the worker,
 * missing vectors from the cache or the model. Runs in the background and can be stopped; what was embedded is kept.
 */
import type { Logger } from '../../logging/logger.js'
import { readArticles } from '../articles/article-reader.js'
import { isRecalled, type RecalledArticle } from '../articles/recalled-articles.js'
import type { DocumentStore } from '../passages/document-store.js'
import type { WorkerConnection } from '../thread/worker-connection.js'
import type { LoadedModel, PassageReference } from '../thread/worker-messages.js'

/** Passages whose vectors are made and kept together: a kill loses at most two such batches, and with 35 ms each they are done within seconds. */
const passagesABatch = 32
/** Passages whose vectors are asked of the database together. */
const passagesARead = 500
/** Vectors between two writes of the clinical index during a build. */
const vectorsASave = 1000

export class IndexBuilder {
  readonly #store: DocumentStore
  readonly #worker: WorkerConnection
  readonly #logger: Logger
  readonly #signal: AbortSignal
  readonly #onProgress: (done: number, total: number) => void
  /** How many passages of each document the worker holds, and how many of them with a vector. */
  readonly #documents = new Map<string, { done: number; total: number }>()
  #loading: Promise<void> = Promise.resolve()
  #model: LoadedModel | null = null

  constructor(options: {
    store: DocumentStore
    worker: WorkerConnection
    logger: Logger
    signal: AbortSignal
    onProgress: (done: number, total: number) => void
  }) {
    this.#store = options.store
    this.#worker = options.worker
    this.#logger = options.logger
    this.#signal = options.signal
    this.#onProgress = options.onProgress
  }

  /**
   * Reads the articles into the database; those that are not valid are logged and left out, those that were recalled are taken out. Gives whether
   * anything changed.
   */
  async ingestArticles(folder: string, recalled: readonly RecalledArticle[] = []): Promise<boolean> {
    const { documents: read, problems } = await readArticles(folder)
    const documents = read.filter((document) => !isRecalled(document, recalled))
    for (const problem of problems) this.#logger.error({ event: 'article_skipped', article: problem.article, reason: problem.reason })
    const replacement = await this.#store.replace('article')
    await replacement.put(documents)
    const report = await replacement.finish()
    this.#logger.info({ event: 'articles_ingested', ...report, skipped: problems.length, recalled: read.length - documents.length })
    return report.added + report.changed + report.removed > 0
  }

  /** Brings the worker's passages, or those of one document, into step with the database. A call waits for the one before. */
  loadPassages(documentId: string | null = null): Promise<void> {
    const loaded = this.#loading.then(() => this.#loadPassages(documentId))
    this.#loading = loaded.catch(() => undefined)
    return loaded
  }

  async #loadPassages(documentId: string | null): Promise<void> {
    await this.#worker.request('begin-passages', { documentId }, this.#signal)
    for await (const page of this.#store.passagePages(documentId)) await this.#worker.request('add-passages', { page }, this.#signal)
    await this.#worker.request('end-passages', null, this.#signal)
    await this.#readProgress(documentId)
  }

  /** How many passages each document has, and how many of them have their vectors. */
  progressByDocument(): ReadonlyMap<string, { done: number; total: number }> {
    return this.#documents
  }

  async #readProgress(documentId: string | null): Promise<void> {
    const progress = await this.#worker.request('progress', { documentId }, this.#signal)
    if (documentId === null) this.#documents.clear()
    for (const { documentId: id, done, total } of progress) {
      if (total === 0) this.#documents.delete(id)
      else this.#documents.set(id, { done, total })
    }
  }

  /** Loads the model and the clinical index on disk. */
  async loadModel(): Promise<LoadedModel> {
    const loaded = await this.#worker.request('load', null, this.#signal)
    await this.#readProgress(null)
    if (loaded.modelProblem) this.#logger.warn({ event: 'embedding_model_unavailable', problem: loaded.modelProblem })
    if (loaded.indexState === 'damaged') this.#logger.warn({ event: 'clinical_index_damaged' })
    this.#model = loaded
    return loaded
  }

  /** Makes the missing vectors and writes the clinical index when anything changed. Nothing without a model. */
  async buildVectors(): Promise<void> {
    const model = this.#model?.model
    if (!model) return
    const { wanted, missing } = await this.#worker.request('missing-vectors', null, this.#signal)
    let done = wanted - missing.length
    const advance = (passages: readonly PassageReference[]): void => {
      for (const { documentId } of passages) {
        const progress = this.#documents.get(documentId)
        if (progress) progress.done++
      }
      done += passages.length
      this.#onProgress(done, wanted)
    }
    advance([])
    const uncached: PassageReference[] = []
    for (const batch of batches(missing, passagesARead)) {
      const cached = await this.#addCached(model, batch)
      uncached.push(...batch.filter((passage) => !cached.has(passage.contentHash)))
      advance(batch.filter((passage) => cached.has(passage.contentHash)))
    }
    let unsaved = 0
    let writing: Promise<void> = Promise.resolve()
    try {
      for (const batch of batches(uncached, passagesABatch)) {
        const { contentHashes, vectors } = await this.#worker.request('embed-passages', { passageIds: batch.map((passage) => passage.passageId) }, this.#signal)
        // While the database keeps one batch, the worker is at the next.
        await writing
        writing = this.#store.writeEmbeddings(model, byContent(contentHashes, vectors))
        writing.catch(() => undefined)
        advance(batch)
        unsaved += batch.length
        if (unsaved < vectorsASave) continue
        await this.#worker.request('save', null, this.#signal)
        unsaved = 0
      }
    } finally {
      await writing
    }
    await this.#worker.request('embed-titles', null, this.#signal)
    await this.#worker.request('save', null, this.#signal)
    await this.#store.sweepEmbeddings(model)
  }

  /** Gives the worker those vectors of these passages that the database has kept; gives their contents. */
  async #addCached(model: string, batch: readonly PassageReference[]): Promise<ReadonlyMap<string, Float32Array>> {
    const cached = await this.#store.readEmbeddings(model, batch.map((passage) => passage.contentHash))
    const found = batch.flatMap((passage) => {
      const vector = cached.get(passage.contentHash)
      return vector ? [{ passage, vector }] : []
    })
    const [first] = found
    if (!first) return cached
    const dimensions = first.vector.length
    const vectors = new Float32Array(found.length * dimensions)
    for (const [at, { vector }] of found.entries()) vectors.set(vector, at * dimensions)
    const input = { passageIds: found.map(({ passage }) => passage.passageId), contentHashes: found.map(({ passage }) => passage.contentHash), vectors }
    await this.#worker.request('add-vectors', input, this.#signal, [vectors.buffer])
    return cached
  }
}

function* batches<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

/** Vectors that lie one after the other, by the content that they are of. */
function byContent(contentHashes: readonly string[], vectors: Float32Array): Map<string, Float32Array> {
  const dimensions = vectors.length / Math.max(1, contentHashes.length)
  return new Map(contentHashes.map((contentHash, at) => [contentHash, vectors.subarray(at * dimensions, (at + 1) * dimensions)]))
}

/**
 * Brings the database, the worker's indexes and the clinical index on disk into step: articles into the database, passages into the worker,
 * missing vectors from the cache or the model. Runs in the background and can be stopped; what was embedded is kept.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { Logger } from '../../logging/logger.js'
import { readArticles } from '../articles/article-reader.js'
import type { DocumentStore } from '../passages/document-store.js'
import { embeddedText, type IndexedPassage } from '../passages/document.js'
import type { WorkerConnection } from '../thread/worker-connection.js'
import type { LoadedModel } from '../thread/worker-messages.js'

/** Passages whose vectors are made and kept together. */
const vectorsABatch = 32
const passagesAMessage = 500

export class IndexBuilder {
  readonly #store: DocumentStore
  readonly #worker: WorkerConnection
  readonly #logger: Logger
  readonly #signal: AbortSignal
  readonly #onProgress: (done: number, total: number) => void
  /** The passages that the worker holds. */
  readonly #held = new Map<string, IndexedPassage>()
  /** The passages whose vectors the worker holds. */
  readonly #vectors = new Set<string>()
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

  /** Reads the articles into the database; those that are not valid are logged and left out. */
  async ingestArticles(folder: string): Promise<void> {
    const { documents, problems } = await readArticles(folder)
    for (const problem of problems) this.#logger.error({ event: 'article_skipped', article: problem.article, reason: problem.reason })
    const replacement = await this.#store.replace('article')
    await replacement.put(documents)
    const report = await replacement.finish()
    this.#logger.info({ event: 'articles_ingested', ...report, skipped: problems.length })
  }

  /** Gives the worker the passages, or those of one document, that are new to it and takes away those that are gone; gives what was read. */
  async loadPassages(documentId?: string): Promise<readonly IndexedPassage[]> {
    const stored = await this.#store.readPassages(documentId)
    const kept = new Set(stored.map((passage) => passage.passageId))
    const gone = [...this.#held.values()].flatMap((held) => ((documentId ?? held.documentId) === held.documentId && !kept.has(held.passageId) ? [held.passageId] : []))
    const fresh = stored.filter((passage) => {
      const held = this.#held.get(passage.passageId)
      return !held || JSON.stringify(held) !== JSON.stringify(passage)
    })
    if (gone.length > 0) await this.#worker.request('remove-passages', { passageIds: gone })
    for (const passageId of gone) {
      this.#held.delete(passageId)
      this.#vectors.delete(passageId)
    }
    for (let at = 0; at < fresh.length; at += passagesAMessage) {
      const passages = fresh.slice(at, at + passagesAMessage)
      await this.#worker.request('add-passages', { passages }, this.#signal)
      for (const passage of passages) this.#held.set(passage.passageId, passage)
    }
    return stored
  }

  /** How many passages each document has, and how many of them have their vectors. */
  progressByDocument(): Map<string, { done: number; total: number }> {
    const progress = new Map<string, { done: number; total: number }>()
    for (const { documentId, passageId } of this.#held.values()) {
      const counts = progress.get(documentId) ?? { done: 0, total: 0 }
      counts.total++
      if (this.#vectors.has(passageId)) counts.done++
      progress.set(documentId, counts)
    }
    return progress
  }

  /** Loads the model and the clinical index on disk. */
  async loadModel(): Promise<LoadedModel> {
    const loaded = await this.#worker.request('load', null, this.#signal)
    for (const { passageId } of loaded.indexed) this.#vectors.add(passageId)
    if (loaded.modelProblem) this.#logger.warn({ event: 'embedding_model_unavailable', problem: loaded.modelProblem })
    if (loaded.indexState === 'damaged') this.#logger.warn({ event: 'clinical_index_damaged' })
    this.#model = loaded
    return loaded
  }

  /** Makes the missing vectors and writes the clinical index when anything changed. Nothing without a model. */
  async buildVectors(): Promise<void> {
    const model = this.#model
    if (!model?.model) return
    const wanted = passagesToEmbed([...this.#held.values()], model.languages)
    const missing = wanted.filter((passage) => !this.#vectors.has(passage.passageId))
    this.#onProgress(wanted.length - missing.length, wanted.length)
    for (let at = 0; at < missing.length; at += vectorsABatch) {
      const batch = missing.slice(at, at + vectorsABatch)
      const vectors = await this.#vectorsOf(model.model, batch)
      const items = batch.flatMap(({ passageId, contentHash }) => {
        const vector = vectors.get(contentHash)
        return vector ? [{ passageId, contentHash, vector }] : []
      })
      await this.#worker.request('add-vectors', { items }, this.#signal)
      for (const { passageId } of items) this.#vectors.add(passageId)
      this.#onProgress(wanted.length - missing.length + at + batch.length, wanted.length)
    }
    await this.#worker.request('save', null, this.#signal)
    await this.#store.sweepEmbeddings(model.model)
  }

  async #vectorsOf(model: string, batch: readonly IndexedPassage[]): Promise<Map<string, Float32Array>> {
    const vectors = await this.#store.readEmbeddings(model, batch.map((passage) => passage.contentHash))
    const uncached = batch.filter((passage) => !vectors.has(passage.contentHash))
    if (uncached.length === 0) return vectors
    const made = await this.#worker.request('embed', { texts: uncached.map(embeddedText), kind: 'passage', background: true }, this.#signal)
    const fresh = new Map<string, Float32Array>()
    for (const [index, passage] of uncached.entries()) {
      const vector = made[index]
      if (!vector) continue
      fresh.set(passage.contentHash, vector)
      vectors.set(passage.contentHash, vector)
    }
    await this.#store.writeEmbeddings(model, fresh)
    return vectors
  }
}

/**
 * The passages whose vectors say something: those in a language that the model understands, and those of documents that have no such side.
 * The other side of a paired article is found through its pair.
 */
function passagesToEmbed(passages: readonly IndexedPassage[], languages: readonly Language[]): IndexedPassage[] {
  const understood = new Set(passages.filter((passage) => languages.includes(passage.lang)).map((passage) => passage.documentId))
  return passages.filter((passage) => languages.includes(passage.lang) || !understood.has(passage.documentId))
}

/** What the knowledge thread does: the embedding model and the indexes. Requests come from the knowledge service; a question goes before a build. */
import { join } from 'node:path'
import { ConditionFinder } from '../conditions/condition-finder.js'
import { readConditions } from '../conditions/condition-thesaurus.js'
import { ClinicalIndex } from '../index/clinical-index.js'
import { EmbeddingModel } from '../model/embedding-model.js'
import { EmbeddingQueue } from '../model/embedding-queue.js'
import { Lexicon } from '../language/lexicon.js'
import { modelKey, readModelManifest } from '../model/model-manifest.js'
import { Retriever } from '../search/retriever.js'
import type { FromWorker, KnowledgeRequests, KnowledgeWorkerData, LoadedModel, RequestName, ToWorker } from './worker-messages.js'

type Handlers = { [Name in RequestName]: (input: KnowledgeRequests[Name]['input'], signal: AbortSignal) => Promise<KnowledgeRequests[Name]['output']> }

/** The thread's line to the service; a MessagePort is one. */
export interface KnowledgePort {
  postMessage(message: FromWorker): void
  on(event: 'message', listener: (message: ToWorker) => void): void
  close(): void
}

/** Answers the requests that come over the port until one is `close`. Throws when the lexicon or the condition thesaurus cannot be read. */
export async function runKnowledgeThread(port: KnowledgePort, data: KnowledgeWorkerData): Promise<void> {
  const [lexicon, conditions] = await Promise.all([Lexicon.load(data.lexiconFolder), readConditions(data.conditionsFolder)])
  const thread = new KnowledgeThread(new Retriever(lexicon, new ConditionFinder(conditions)), data)
  const running = new Map<number, AbortController>()

  const answer = async (request: Exclude<ToWorker, { name: 'cancel' }>): Promise<void> => {
    const abort = new AbortController()
    running.set(request.id, abort)
    try {
      // The name and its input belong together by the type of the message; TypeScript does not follow that through the table.
      const handle = thread.handlers[request.name] as (input: unknown, signal: AbortSignal) => Promise<unknown>
      port.postMessage({ id: request.id, ok: true, output: await handle(request.input, abort.signal) })
    } catch (error) {
      port.postMessage({ id: request.id, ok: false, reason: error instanceof Error ? error.name : 'unknown', cancelled: abort.signal.aborted })
    } finally {
      running.delete(request.id)
    }
  }

  port.on('message', (message) => {
    if (message.name === 'cancel') {
      running.get(message.id)?.abort()
      return
    }
    void answer(message).then(() => {
      if (message.name === 'close') port.close()
    })
  })
}

class KnowledgeThread {
  readonly #data: KnowledgeWorkerData
  readonly #retriever: Retriever
  #model: EmbeddingModel | null = null
  #queue: EmbeddingQueue | null = null
  #index: ClinicalIndex | null = null
  /** What the clinical index on disk lacks, and what it has too much, since the last save. */
  readonly #unsaved = { add: new Set<string>(), remove: new Set<string>() }

  constructor(retriever: Retriever, data: KnowledgeWorkerData) {
    this.#data = data
    this.#retriever = retriever
  }

  readonly handlers: Handlers = {
    load: () => this.#load(),
    'add-passages': async ({ passages }) => {
      this.#retriever.addPassages(passages)
      return null
    },
    'remove-passages': async ({ passageIds }) => {
      for (const passageId of passageIds) {
        if (this.#retriever.vectorOf(passageId)) this.#unsaved.remove.add(passageId)
        this.#unsaved.add.delete(passageId)
      }
      this.#retriever.removePassages(passageIds)
      return null
    },
    'add-vectors': async ({ items }) => {
      for (const { passageId, contentHash, vector } of items) {
        if (this.#retriever.addVector(passageId, contentHash, vector)) this.#unsaved.add.add(passageId)
      }
      return null
    },
    save: async () => {
      await this.#save()
      return null
    },
    embed: async ({ texts, kind, background }, signal) => {
      if (!this.#queue) throw new Error('there is no model')
      return this.#queue.embed(texts, kind, { background, signal })
    },
    search: async (input) => this.#retriever.search(input),
    nearness: async ({ query, language, scope }) => this.#retriever.nearness(query, language, scope),
    close: async () => {
      await this.#queue?.close()
      await this.#index?.close()
      await this.#model?.dispose()
      return null
    },
  }

  async #load(): Promise<LoadedModel> {
    const without = (modelProblem: 'missing' | 'damaged'): LoadedModel => ({ model: null, modelProblem, languages: [], indexState: 'missing', indexed: [] })
    const manifest = await readModelManifest(this.#data.modelsFolder, this.#data.modelManifest)
    try {
      this.#model = await EmbeddingModel.load(this.#data.modelsFolder, manifest)
    } catch {
      // The service logs the problem; searching goes on by keyword.
      return without('damaged')
    }
    if (!this.#model) return without('missing')
    this.#queue = new EmbeddingQueue(this.#model)
    this.#retriever.setModel(this.#queue, manifest)
    const key = modelKey(manifest)
    this.#index = new ClinicalIndex({ folder: join(this.#data.indexFolder, key.replace(/[^\w.@-]+/g, '--')), model: key, dimensions: manifest.dimensions })
    const indexed: LoadedModel['indexed'] = []
    const indexState = await this.#index.load(({ passageId, contentHash, vector }) => {
      const isKept = this.#retriever.addVector(passageId, contentHash, vector)
      if (isKept) indexed.push({ passageId, contentHash })
      return isKept
    })
    return { model: key, modelProblem: null, languages: manifest.languages, indexState, indexed }
  }

  async #save(): Promise<void> {
    const { add: added, remove: removed } = this.#unsaved
    if (!this.#index || (added.size === 0 && removed.size === 0 && !this.#index.hasUnwanted)) return
    const change = {
      remove: [...removed],
      add: [...added].flatMap((passageId) => {
        const found = this.#retriever.vectorOf(passageId)
        return found ? [{ passageId, ...found }] : []
      }),
    }
    added.clear()
    removed.clear()
    try {
      await this.#index.write(change)
    } catch (error) {
      // The next save tries again; what was written in spite of the failure is replaced.
      for (const passageId of change.remove) if (!added.has(passageId)) removed.add(passageId)
      for (const { passageId } of change.add) if (!removed.has(passageId)) added.add(passageId)
      throw error
    }
  }
}

/** What the knowledge thread does: the embedding model and the indexes. Requests come from the knowledge service; a question goes before a build. */
import { join } from 'node:path'
import { ConditionFinder } from '../conditions/condition-finder.js'
import { readConditions } from '../conditions/condition-thesaurus.js'
import { ClinicalIndex } from '../index/clinical-index.js'
import { EmbeddingModel } from '../model/embedding-model.js'
import { EmbeddingQueue } from '../model/embedding-queue.js'
import { Lexicon } from '../language/lexicon.js'
import { embeddedText } from '../passages/document.js'
import { readPassagePage } from '../passages/passage-page.js'
import { modelKey, readModelManifest } from '../model/model-manifest.js'
import { Retriever } from '../search/retriever.js'
import { HeldPassages } from './held-passages.js'
import { TitleVectors } from './title-vectors.js'
import type { FromWorker, KnowledgeRequests, KnowledgeWorkerData, LoadedModel, PassageVectors, RequestName, ToWorker } from './worker-messages.js'

type Handlers = { [Name in RequestName]: (input: KnowledgeRequests[Name]['input'], signal: AbortSignal) => Promise<KnowledgeRequests[Name]['output']> }

/** The thread's line to the service; a MessagePort is one. */
export interface KnowledgePort {
  /** The buffers of `transfer` may be handed over. */
  postMessage(message: FromWorker, transfer?: ArrayBuffer[]): void
  on(event: 'message', listener: (message: ToWorker) => void): void
  close(): void
}

/** Answers the requests that come over the port until one is `close`. Throws when the lexicon or the condition thesaurus cannot be read. */
export async function runKnowledgeThread(port: KnowledgePort, data: KnowledgeWorkerData): Promise<void> {
  const [lexicon, conditions] = await Promise.all([Lexicon.load(data.lexiconFolder, data.parsedFolder), readConditions(data.conditionsFolder, data.parsedFolder)])
  const thread = new KnowledgeThread(new Retriever(lexicon, new ConditionFinder(conditions)), data)
  const running = new Map<number, AbortController>()

  const answer = async (request: Exclude<ToWorker, { name: 'cancel' }>): Promise<void> => {
    const abort = new AbortController()
    running.set(request.id, abort)
    try {
      // The name and its input belong together by the type of the message; TypeScript does not follow that through the table.
      const handle = thread.handlers[request.name] as (input: unknown, signal: AbortSignal) => Promise<unknown>
      const output = await handle(request.input, abort.signal)
      port.postMessage({ id: request.id, ok: true, output }, request.name === 'embed-passages' ? [(output as PassageVectors).vectors.buffer as ArrayBuffer] : [])
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
  readonly #passages = new HeldPassages()
  readonly #titles = new TitleVectors()
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
    'begin-passages': async ({ documentId }) => {
      this.#passages.begin(documentId)
      return null
    },
    'add-passages': async ({ page }) => {
      this.#retriever.addPassages(this.#passages.take(readPassagePage(page)))
      // What a page brings is made ready for searching now, and not at the first question after the last page.
      this.#retriever.refresh()
      return null
    },
    'end-passages': async () => {
      const gone = this.#passages.end()
      for (const passageId of gone) {
        if (this.#retriever.hasVector(passageId)) this.#unsaved.remove.add(passageId)
        this.#unsaved.add.delete(passageId)
      }
      this.#retriever.removePassages(gone)
      this.#retriever.refresh()
      return null
    },
    progress: async ({ documentId }) => this.#passages.progress(documentId, (passageId) => this.#retriever.hasVector(passageId)),
    'missing-vectors': async () => {
      const wanted = this.#model ? this.#passages.toEmbed(this.#model.manifest.languages) : []
      const missing = wanted.filter(({ passageId }) => !this.#retriever.hasVector(passageId))
      return { wanted: wanted.length, missing: missing.map(({ passageId, documentId, contentHash }) => ({ passageId, documentId, contentHash })) }
    },
    'add-vectors': async (added) => {
      this.#addVectors(added)
      return null
    },
    'embed-passages': async ({ passageIds }, signal) => {
      if (!this.#queue || !this.#model) throw new Error('there is no model')
      const passages = passageIds.flatMap((passageId) => this.#passages.get(passageId) ?? [])
      const made = await this.#queue.embed(passages.map(embeddedText), 'passage', { background: true, signal })
      const vectors = new Float32Array(passages.length * this.#model.manifest.dimensions)
      for (const [at, vector] of made.entries()) vectors.set(vector, at * vector.length)
      const added = { passageIds: passages.map((passage) => passage.passageId), contentHashes: passages.map((passage) => passage.contentHash), vectors }
      this.#addVectors(added)
      return added
    },
    'embed-titles': async (_, signal) => {
      const queue = this.#queue
      if (!queue) return null
      const embed = (titles: string[]): Promise<Float32Array[]> => queue.embed(titles, 'passage', { background: true, signal })
      this.#titles.keepOnly(await this.#retriever.embedTitles((titles) => this.#titles.of(titles, embed)))
      return null
    },
    save: async () => {
      await this.#save()
      return null
    },
    embed: async ({ texts, kind }, signal) => {
      if (!this.#queue) throw new Error('there is no model')
      return this.#queue.embed(texts, kind, { signal })
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
    const without = (modelProblem: 'missing' | 'damaged'): LoadedModel => ({ model: null, modelProblem, languages: [], indexState: 'missing' })
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
    const indexState = await this.#index.load((item) => {
      if (!TitleVectors.isTitle(item.passageId)) return this.#retriever.addVector(item.passageId, item.contentHash, item.vector)
      this.#titles.take(item)
      return true
    })
    return { model: key, modelProblem: null, languages: manifest.languages, indexState }
  }

  #addVectors({ passageIds, contentHashes, vectors }: PassageVectors): void {
    const dimensions = vectors.length / Math.max(1, passageIds.length)
    for (const [at, passageId] of passageIds.entries()) {
      const vector = vectors.subarray(at * dimensions, (at + 1) * dimensions)
      if (this.#retriever.addVector(passageId, contentHashes[at] ?? '', vector)) this.#unsaved.add.add(passageId)
    }
  }

  async #save(): Promise<void> {
    const { add: added, remove: removed } = this.#unsaved
    if (!this.#index || (added.size === 0 && removed.size === 0 && !this.#titles.hasUnsaved && !this.#index.hasUnwanted)) return
    const titles = this.#titles.takeUnsaved()
    const passages = [...added].flatMap((passageId) => {
      const found = this.#retriever.vectorOf(passageId)
      return found ? [{ passageId, ...found }] : []
    })
    const change = { remove: [...removed], add: passages }
    added.clear()
    removed.clear()
    try {
      await this.#index.write({ remove: [...change.remove, ...titles.remove], add: [...change.add, ...titles.add] })
    } catch (error) {
      // The next save tries again; what was written in spite of the failure is replaced. A title's vector is made again after the next start.
      for (const passageId of change.remove) if (!added.has(passageId)) removed.add(passageId)
      for (const { passageId } of change.add) if (!removed.has(passageId)) added.add(passageId)
      throw error
    }
  }
}

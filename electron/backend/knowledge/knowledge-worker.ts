/** The knowledge thread: the embedding model and the indexes. Requests come from the knowledge service; a question goes before a build. */
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { ClinicalIndex } from './clinical-index.js'
import { EmbeddingModel } from './embedding-model.js'
import { EmbeddingQueue } from './embedding-queue.js'
import { Lexicon } from './lexicon.js'
import { modelKey, readModelManifest } from './model-manifest.js'
import { Retriever } from './retriever.js'
import type { FromWorker, KnowledgeRequests, KnowledgeWorkerData, LoadedModel, RequestName, ToWorker } from './worker-messages.js'

type Handlers = { [Name in RequestName]: (input: KnowledgeRequests[Name]['input'], signal: AbortSignal) => Promise<KnowledgeRequests[Name]['output']> }

const port = parentPort
if (!port) throw new Error('the knowledge thread needs a parent')
const data = workerData as KnowledgeWorkerData

const retriever = new Retriever(await Lexicon.load(data.lexiconFolder))
let model: EmbeddingModel | null = null
let queue: EmbeddingQueue | null = null
let index: ClinicalIndex | null = null
/** What the clinical index on disk lacks, and what it has too much, since the last save. */
const unsaved = { add: new Set<string>(), remove: new Set<string>() }

async function load(): Promise<LoadedModel> {
  const none = { model: null, languages: [], indexState: 'missing', indexed: [] } as const
  const manifest = await readModelManifest(data.modelsFolder, data.modelManifest)
  try {
    model = await EmbeddingModel.load(data.modelsFolder, manifest)
  } catch {
    // A damaged model is reported as such by the service; searching goes on by keyword.
    return { ...none, languages: [], indexed: [], modelProblem: 'damaged' }
  }
  if (!model) return { ...none, languages: [], indexed: [], modelProblem: 'missing' }
  queue = new EmbeddingQueue(model)
  retriever.setModel(queue, manifest)
  const key = modelKey(manifest)
  index = new ClinicalIndex(join(data.indexFolder, key.replace(/[^\w.@-]+/g, '--')), key, manifest.dimensions)
  const { state, items } = await index.load()
  for (const item of items) if (!retriever.addVector(item.passageId, item.contentHash, item.vector)) unsaved.remove.add(item.passageId)
  const indexed = items.filter((item) => !unsaved.remove.has(item.passageId)).map(({ passageId, contentHash }) => ({ passageId, contentHash }))
  return { model: key, modelProblem: null, languages: manifest.languages, indexState: state, indexed }
}

const handlers: Handlers = {
  load,
  'add-passages': async ({ passages }) => {
    retriever.addPassages(passages)
    return null
  },
  'remove-passages': async ({ passageIds }) => {
    for (const passageId of passageIds) {
      if (retriever.vectorOf(passageId)) unsaved.remove.add(passageId)
      unsaved.add.delete(passageId)
    }
    retriever.removePassages(passageIds)
    return null
  },
  'add-vectors': async ({ items }) => {
    for (const { passageId, contentHash, vector } of items) if (retriever.addVector(passageId, contentHash, vector)) unsaved.add.add(passageId)
    return null
  },
  save: async ({ fresh }) => {
    if (!index) return null
    const add = [...unsaved.add].flatMap((passageId) => {
      const found = retriever.vectorOf(passageId)
      return found ? [{ passageId, ...found }] : []
    })
    const remove = [...unsaved.remove]
    unsaved.add.clear()
    unsaved.remove.clear()
    // A passage that comes again under its id takes the place of the one before.
    await index.write({ remove: fresh ? [] : [...remove, ...add.map((item) => item.passageId)], add, fresh })
    return null
  },
  embed: async ({ texts, kind, background }, signal) => {
    if (!queue) throw new Error('there is no model')
    return queue.embed(texts, kind, { background, signal })
  },
  search: async (input) => retriever.search(input),
  nearness: async ({ query, language }) => retriever.nearness(query, language),
  close: async () => {
    await model?.dispose()
    return null
  },
}

const running = new Map<number, AbortController>()
const send = (message: FromWorker): void => port.postMessage(message)

async function answer(request: Exclude<ToWorker, { name: 'cancel' }>): Promise<void> {
  const abort = new AbortController()
  running.set(request.id, abort)
  try {
    // The name and its input belong together by the type of the message; TypeScript does not follow that through the table.
    const handle = handlers[request.name] as (input: unknown, signal: AbortSignal) => Promise<unknown>
    send({ id: request.id, ok: true, output: await handle(request.input, abort.signal) })
  } catch (error) {
    send({ id: request.id, ok: false, reason: error instanceof Error ? error.name : 'unknown', cancelled: abort.signal.aborted })
  } finally {
    running.delete(request.id)
  }
}

port.on('message', (message: ToWorker) => {
  if (message.name === 'cancel') {
    running.get(message.id)?.abort()
    return
  }
  void answer(message).then(() => {
    if (message.name === 'close') port.close()
  })
})

/** How long until 50,000 passages can be searched after a start, and how quickly vectors are made while questions are asked. */
import fs from 'node:fs'
import path from 'node:path'
import { ClinicalIndex } from '../../backend/knowledge/index/clinical-index.js'
import { IndexBuilder } from '../../backend/knowledge/index/index-builder.js'
import { modelKey, readModelManifest } from '../../backend/knowledge/model/model-manifest.js'
import { DocumentStore } from '../../backend/knowledge/passages/document-store.js'
import { readPassagePage } from '../../backend/knowledge/passages/passage-page.js'
import { KeywordIndex } from '../../backend/knowledge/search/keyword-index.js'
import { VectorTable } from '../../backend/knowledge/search/vector-table.js'
import { WorkerConnection } from '../../backend/knowledge/thread/worker-connection.js'
import { createLogger } from '../../backend/logging/logger.js'
import { startTestBackend } from '../../backend/testing/test-backend.js'
import { startWorker } from '../../backend/workers/start-worker.js'
import { benchWorkerData } from './bench-retrieval.js'
import { BenchCorpus, seeded, type BenchPassage } from './corpus.js'
import { distribution, type BenchResult, type Distribution } from './measure.js'

/** Passages without a vector, which the service makes vectors of while it is asked. */
const unembedded = 300
const rowsAStatement = 2000

interface Database {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>
}

async function insertPassages(database: Database, passages: readonly BenchPassage[]): Promise<void> {
  for (let from = 0; from < passages.length; from += rowsAStatement) {
    const part = passages.slice(from, from + rowsAStatement)
    const titles = new Map(part.map(({ documentId, title }) => [documentId, title]))
    await database.query(
      `insert into documents (document_id, lang, kind, title, audience, content, content_hash, reviewed_by)
       select id, 'en', 'clinical_summary', title, 'public', '', '', '' from jsonb_to_recordset($1) as t(id text, title text)`,
      [JSON.stringify([...titles].map(([id, title]) => ({ id, title })))],
    )
    await database.query(
      `insert into passages (passage_id, document_id, lang, ordinal, heading, content, start_offset, end_offset, audience, content_hash)
       select "passageId", "documentId", 'en', ordinal, heading, content, 0, 1, 'public', "contentHash"
       from jsonb_to_recordset($1) as t("passageId" uuid, "documentId" text, ordinal int, heading text, content text, "contentHash" text)`,
      [JSON.stringify(part.map(({ sentences: _sentences, title: _title, ...row }) => row))],
    )
  }
  await database.query('analyze documents')
  await database.query('analyze passages')
}

const once = async (run: () => Promise<unknown>): Promise<Distribution> => {
  const startedAt = performance.now()
  await run()
  return distribution([performance.now() - startedAt])
}

/** Measures with so many passages, all but 300 of which have their vectors on disk. */
export async function benchIndex(count: number): Promise<BenchResult[]> {
  const backend = await startTestBackend({ model: false })
  await backend.knowledge.ready()
  const { database } = backend
  await database.query('delete from documents')
  const passages = new BenchCorpus().passages(count)
  await insertPassages(database, passages)
  const size = `${count.toLocaleString('en')} passages`
  const results: BenchResult[] = []

  const worker = benchWorkerData()
  const manifest = await readModelManifest(worker.modelsFolder, worker.modelManifest)
  const model = modelKey(manifest)
  const options = { folder: path.join(worker.indexFolder, model.replace(/[^\w.@-]+/g, '--')), model, dimensions: manifest.dimensions }
  const random = seeded(9)
  const vector = (): Float32Array => Float32Array.from({ length: manifest.dimensions }, () => (random() - 0.5) * 0.17)
  const index = new ClinicalIndex(options)
  const items = passages.slice(0, -unembedded).map(({ passageId, contentHash }) => ({ passageId, contentHash, vector: vector() }))
  results.push({ name: `writing the clinical index anew, ${size}`, value: await once(() => index.write({ remove: [], add: items })), unit: 'ms', reference: null })
  const table = new VectorTable(manifest.dimensions)
  let slot = 0
  const vectors = await once(() => new ClinicalIndex(options).load((item) => (table.set(slot++, item.vector), true)))
  results.push({ name: `reading the vectors, ${size}`, value: vectors, unit: 'ms', reference: null })
  await index.close()

  const pages: ReturnType<typeof readPassagePage>[] = []
  const reading = await once(async () => {
    for await (const page of new DocumentStore(database).passagePages(null)) pages.push(readPassagePage(page))
  })
  results.push({ name: `reading the passages from the database, ${size}`, value: reading, unit: 'ms', reference: null })
  const keywords = new KeywordIndex('en')
  let number = 0
  results.push({ name: `making the keyword index, ${size}`, value: await once(async () => pages.flat().forEach((passage) => keywords.add(number++, passage))), unit: 'ms', reference: null })
  pages.length = 0

  // The thread itself is up before the clock starts: from source its start is the loader's, and in the product the window's.
  const connection = new WorkerConnection(startWorker('knowledge-worker', worker))
  await connection.request('progress', { documentId: null })
  const progress = { done: 0, total: 0 }
  const abort = new AbortController()
  const builder = new IndexBuilder({
    store: new DocumentStore(database),
    worker: connection,
    logger: createLogger('silent'),
    signal: abort.signal,
    onProgress: (done, total) => Object.assign(progress, { done, total }),
  })
  const questions = new BenchCorpus().questions(2000, 77)
  const ask = (at: number): Promise<unknown> =>
    connection.request('search', { query: questions[at % questions.length]!, language: 'en', strategy: 'rrf_fusion', topK: 10, threshold: null, scope: { audiences: ['public'], userId: null } })
  const searchable = await once(async () => {
    await builder.loadPassages()
    await ask(0)
  })
  results.push({ name: `from the database to the first question answered by keyword, ${size}`, value: searchable, unit: 'ms', reference: null })
  const withVectors = await once(async () => {
    await builder.loadModel()
    await ask(1)
  })
  results.push({ name: `then the model and the vectors, to the first question answered by both, ${size}`, value: withVectors, unit: 'ms', reference: null })

  const answered: number[] = []
  const begun = performance.now()
  const built = builder.buildVectors()
  built.catch(() => undefined)
  while (progress.total === 0 || progress.done < progress.total) {
    const askedAt = performance.now()
    await ask(2 + answered.length)
    answered.push(performance.now() - askedAt)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const took = performance.now() - begun
  // The titles that come behind the passages are not measured.
  abort.abort()
  await built.catch(() => undefined)
  const perPassage = took / unembedded
  results.push({ name: 'making a vector during a build, a question asked every 200 ms', value: distribution([perPassage]), unit: 'ms', reference: null, note: `10,000 in ${Math.round((perPassage * 10_000) / 60_000)} minutes` })
  results.push({ name: `a question asked during the build, ${size}`, value: distribution(answered), unit: 'ms', reference: null })
  await connection.close()
  await backend.remove()
  fs.rmSync(worker.indexFolder, { recursive: true, force: true })
  return results
}

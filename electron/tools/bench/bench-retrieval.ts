/** Retrieval as the product does it, from the question's text to the results over the knowledge thread, at growing corpora. */
import path from 'node:path'
import { WorkerConnection } from '../../backend/knowledge/thread/worker-connection.js'
import type { KnowledgeWorkerData } from '../../backend/knowledge/thread/worker-messages.js'
import { startWorker } from '../../backend/workers/start-worker.js'
import { projectFolder, temporaryFolder } from '../../backend/testing/test-backend.js'
import { BenchCorpus, benchPages } from './corpus.js'
import { timeInTurns, type BenchResult } from './measure.js'

const scope = { audiences: ['public' as const], userId: null }

/** What a knowledge thread of the product is told, with an index folder of its own. */
export function benchWorkerData(indexFolder = temporaryFolder('bench-index')): KnowledgeWorkerData {
  const data = path.join(projectFolder, 'data')
  return {
    modelsFolder: path.join(projectFolder, 'resources', 'models'),
    modelManifest: path.join(data, 'models', 'all-MiniLM-L6-v2.json'),
    lexiconFolder: path.join(data, 'lexicon'),
    conditionsFolder: path.join(data, 'conditions'),
    parsedFolder: path.join(indexFolder, 'parsed'),
    indexFolder,
  }
}

/** Embeds the corpus's sentences with the product's model. */
export async function embedSentences(worker: WorkerConnection, corpus: BenchCorpus): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (const sentence of corpus.sentences) vectors.push(...(await worker.request('embed', { texts: [sentence], kind: 'passage' })))
  return vectors
}

/** Measures each size, the smaller ones first; every question is new to every cache. */
export async function benchRetrieval(sizes: readonly number[]): Promise<BenchResult[]> {
  const worker = new WorkerConnection(startWorker('knowledge-worker', benchWorkerData()))
  await worker.request('load', null)
  const corpus = new BenchCorpus()
  const sentenceVectors = await embedSentences(worker, corpus)
  const results: BenchResult[] = []
  for (const [at, size] of sizes.entries()) {
    const passages = corpus.passages(size)
    await worker.request('begin-passages', { documentId: null })
    for (const page of benchPages(passages)) await worker.request('add-passages', { page })
    await worker.request('end-passages', null)
    const vectors = corpus.vectors(passages, sentenceVectors)
    await worker.request('add-vectors', { passageIds: passages.map(({ passageId }) => passageId), contentHashes: passages.map(({ contentHash }) => contentHash), vectors })
    const questions = corpus.questions(450, 1000 * (at + 1))
    const ask = (strategy: 'rrf_fusion' | 'keyword', query: string) => worker.request('search', { query, language: 'en', strategy, topK: 10, threshold: null, scope })
    const [found, embedded, byKeyword] = await timeInTurns(
      200,
      [
        (round) => ask('rrf_fusion', questions[round + 10]!),
        (round) => worker.request('embed', { texts: [questions[round + 220]!], kind: 'query' }),
        (round) => ask('keyword', questions[round + 10]!),
      ],
      10,
    )
    const name = `${size.toLocaleString('en')} passages`
    results.push({ name: `retrieval with embedding, ${name}`, value: found!, unit: 'ms', reference: { name: 'embedding a question alone', value: embedded! } })
    results.push({ name: `retrieval by keyword alone, ${name}`, value: byKeyword!, unit: 'ms', reference: null })
  }
  await worker.request('close', null)
  return results
}

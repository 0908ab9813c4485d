/** Retrieval over growing corpora, the embedding of the question included, against Vectra's own query over the same vectors. */
import fs from 'node:fs'
import path from 'node:path'
import { LocalIndex } from 'vectra'
import type { IndexedPassage } from '../../backend/knowledge/passages/document.js'
import { WorkerConnection } from '../../backend/knowledge/thread/worker-connection.js'
import { startWorker } from '../../backend/workers/start-worker.js'
import { projectFolder, temporaryFolder } from '../../backend/testing/test-backend.js'
import { time, type BenchResult } from './measure.js'

const dimensions = 384
const questions = ['fever and shivering at night', 'my chest hurts when I climb stairs', 'how to give rehydration drink', 'pregnant and bleeding', 'the child does not want to drink', 'cough for three weeks']

/** A repeatable generator of numbers from 0 to 1 (mulberry32), so that two runs see the same corpus. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function unitVector(random: () => number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5)
  const length = Math.hypot(...vector)
  return vector.map((component) => component / length)
}

/** Passages of the words of the real articles in random order: the vocabulary is real, the sentences are not. */
function syntheticPassages(count: number, random: () => number): IndexedPassage[] {
  const folder = path.join(projectFolder, 'data', 'knowledge')
  const words = fs
    .readdirSync(folder)
    .flatMap((name) => fs.readFileSync(path.join(folder, name, 'en.md'), 'utf8').split(/\s+/))
    .filter((word) => /^[a-z]{3,}/i.test(word))
  return Array.from({ length: count }, (_unused, index) => {
    const content = Array.from({ length: 60 }, () => words[Math.floor(random() * words.length)] ?? '').join(' ')
    return {
      passageId: `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
      documentId: `bench-${Math.floor(index / 20)}`,
      lang: 'en',
      ordinal: index % 20,
      heading: '',
      content,
      start: 0,
      end: content.length,
      audience: 'public',
      ownerId: null,
      contentHash: `bench-${index}`,
      title: `Document ${Math.floor(index / 20)}`,
      keywords: [],
      reviewed: false,
    }
  })
}

/** Measures each size, the smaller ones first. */
export async function benchRetrieval(sizes: readonly number[]): Promise<BenchResult[]> {
  const worker = new WorkerConnection(
    startWorker('knowledge-worker', {
      modelsFolder: path.join(projectFolder, 'resources', 'models'),
      modelManifest: path.join(projectFolder, 'data', 'models', 'all-MiniLM-L6-v2.json'),
      lexiconFolder: path.join(projectFolder, 'data', 'lexicon'),
      indexFolder: temporaryFolder('bench-index'),
    }),
  )
  await worker.request('load', null)
  const random = seeded(7)
  const results: BenchResult[] = []
  const embedded = await time(100, (index) => worker.request('embed', { texts: [`${questions[Math.abs(index) % questions.length] ?? ''} ${index}`], kind: 'query', background: false }))
  let held = 0
  for (const size of sizes) {
    const passages = syntheticPassages(size, random).slice(held)
    for (let at = 0; at < passages.length; at += 1000) {
      const part = passages.slice(at, at + 1000)
      await worker.request('add-passages', { passages: part })
      await worker.request('add-vectors', { items: part.map(({ passageId, contentHash }) => ({ passageId, contentHash, vector: unitVector(random) })) })
    }
    held = size
    const scope = { audiences: ['public' as const], userId: null }
    const searched = await time(100, (index) =>
      worker.request('search', { query: `${questions[Math.abs(index) % questions.length] ?? ''} ${index}`, language: 'en', strategy: 'rrf_fusion', topK: 10, threshold: null, scope }),
    )
    results.push({ name: `retrieval with embedding, ${size.toLocaleString('en')} passages`, value: searched, unit: 'ms', reference: { name: 'embedding the question alone', value: embedded } })
    const vectorOnly = await time(50, (index) =>
      worker.request('search', { query: `${questions[Math.abs(index) % questions.length] ?? ''} ${index}`, language: 'en', strategy: 'vector', topK: 10, threshold: null, scope }),
    )
    const index = new LocalIndex(temporaryFolder('bench-vectra'))
    await index.createIndex({ version: 1, deleteIfExists: true })
    await index.batchInsertItems(Array.from({ length: size }, () => ({ vector: [...unitVector(random)], metadata: {} })))
    const probe = [...unitVector(random)]
    const vectra = await time(30, () => index.queryItems(probe, '', 10))
    results.push({ name: `vector search, embedding cached, ${size.toLocaleString('en')} passages`, value: vectorOnly, unit: 'ms', reference: { name: 'Vectra’s own query', value: vectra } })
  }
  await worker.request('close', null)
  return results
}

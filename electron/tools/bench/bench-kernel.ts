/** The two searches by themselves at 50,000 passages: vectors against the memory's own speed, Vectra and plain TypeScript; keywords. */
import fs from 'node:fs'
import path from 'node:path'
import { LocalIndex, ProtobufCodec } from 'vectra'
import loadWabt from 'wabt'
import { ScalarRowKernel } from '../../backend/knowledge/search/kernel/scalar-row-kernel.js'
import { WasmRowKernel } from '../../backend/knowledge/search/kernel/wasm-row-kernel.js'
import { KeywordIndex } from '../../backend/knowledge/search/keyword-index.js'
import { VectorTable } from '../../backend/knowledge/search/vector-table.js'
import { temporaryFolder } from '../../backend/testing/test-backend.js'
import { BenchCorpus, seeded } from './corpus.js'
import { time, timeInTurns, type BenchResult } from './measure.js'

const dimensions = 384
const best = 10

/** Adds up all of a memory's numbers, eight vectors at a time that do not wait for one another: nothing reads memory quicker on one core. */
const readingModule = `(module (import "bench" "memory" (memory 1))
  (func (export "read") (param $at i32) (param $end i32) (result f32)
    ${[...'abcdefgh'].map((name) => `(local $${name} v128)`).join(' ')}
    (loop $next
      ${[...'abcdefgh'].map((name, index) => `(local.set $${name} (f32x4.add (local.get $${name}) (v128.load offset=${index * 16} (local.get $at))))`).join('\n')}
      (local.set $at (i32.add (local.get $at) (i32.const 128)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (f32x4.extract_lane 0 ${[...'bcdefgh'].reduce((sum, name) => `(f32x4.add ${sum} (local.get $${name}))`, '(local.get $a)')})))`

async function memoryReader(memory: WebAssembly.Memory): Promise<(at: number, end: number) => number> {
  const module = (await loadWabt()).parseWat('read.wat', readingModule, { simd: true })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(module.toBinary({}).buffer)), { bench: { memory } })
  return exports['read'] as (at: number, end: number) => number
}

function fill(table: VectorTable, rows: number): void {
  const random = seeded(3)
  const vector = new Float32Array(dimensions)
  for (let slot = 0; slot < rows; slot++) table.set(slot, randomVector(vector, random))
}

/** Every component is as large as in a vector of length 1. */
function randomVector(vector: Float32Array, random: () => number): Float32Array {
  for (let at = 0; at < vector.length; at++) vector[at] = (random() - 0.5) * Math.sqrt(12 / dimensions)
  return vector
}

/** Vectra with the same rows; written through its codec, as inserting them one by one takes half a minute. */
async function vectraIndex(table: VectorTable, rows: number): Promise<LocalIndex> {
  const folder = temporaryFolder('bench-vectra')
  const items = Array.from({ length: rows }, (_unused, slot) => {
    const vector = [...(table.get(slot) ?? [])]
    return { id: `${slot}`, metadata: {}, vector, norm: Math.hypot(...vector) }
  })
  const codec = new ProtobufCodec()
  fs.writeFileSync(path.join(folder, 'index.pb'), codec.serializeIndex({ version: 1, metadata_config: {}, items }))
  const index = new LocalIndex(folder, 'index.pb', undefined, codec)
  await index.getIndexStats()
  return index
}

/** Measures with so many rows and passages. */
export async function benchKernel(rows: number): Promise<BenchResult[]> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536 })
  const table = new VectorTable(dimensions, new WasmRowKernel(memory))
  const plain = new VectorTable(dimensions, new ScalarRowKernel())
  fill(table, rows)
  fill(plain, rows)
  const read = await memoryReader(memory)
  const bytes = rows * dimensions * 4
  const copy = new Uint8Array(bytes)
  const readable = new Uint8Array(rows).fill(1)
  const random = seeded(5)
  const query = (): Float32Array => randomVector(new Float32Array(dimensions), random)
  const vectra = await vectraIndex(table, rows)
  const [kernel, reading, copying, own, scalar] = await timeInTurns(30, [
    () => table.nearest(query(), best, -1, readable),
    () => read(0, bytes),
    () => copy.set(new Uint8Array(memory.buffer, 0, bytes)),
    () => vectra.queryItems([...query()], '', best),
    () => plain.nearest(query(), best, -1, readable),
  ])
  const size = rows.toLocaleString('en')
  const search = `exact top ${best} of ${size} × ${dimensions}`
  const speed = `${(bytes / 1e6 / reading!.p50).toFixed(1)} GB/s read, ${(bytes / 1e6 / kernel!.p50).toFixed(1)} GB/s searched (${Math.round((100 * reading!.p50) / kernel!.p50)} %)`
  const keywords = await benchKeywords(rows)
  return [
    { name: search, value: kernel!, unit: 'ms', reference: { name: 'reading the same memory once', value: reading! }, note: speed },
    { name: search, value: kernel!, unit: 'ms', reference: { name: 'copying the same memory', value: copying! } },
    { name: search, value: kernel!, unit: 'ms', reference: { name: 'Vectra’s own query', value: own! }, note: `${(own!.p50 / kernel!.p50).toFixed(1)} times as quick` },
    { name: search, value: kernel!, unit: 'ms', reference: { name: 'the same in TypeScript', value: scalar! }, note: `${(scalar!.p50 / kernel!.p50).toFixed(1)} times as quick` },
    ...keywords,
  ]
}

async function benchKeywords(passages: number): Promise<BenchResult[]> {
  const corpus = new BenchCorpus()
  const index = new KeywordIndex('en')
  for (const [slot, { title, heading, content }] of corpus.passages(passages).entries()) index.add(slot, { title, heading, content, keywords: [] })
  const readable = new Uint8Array(passages).fill(1)
  const questions = corpus.questions(200)
  const ask = (at: number): string => questions[Math.abs(at) % questions.length]!
  const [top, all] = await timeInTurns(150, [(round) => index.search(ask(round), readable, { count: 60, minimum: 0.05 }), (round) => index.search(ask(round), readable)])
  const change = await time(300, async (at) => {
    const fields = { title: 'A passage', heading: '', content: `${ask(at)} ${ask(at + 7)} ${ask(at + 31)} ${ask(at + 77)}`, keywords: [] }
    index.add(passages + 1, fields)
    index.remove(passages + 1, fields)
  })
  const size = passages.toLocaleString('en')
  return [
    { name: `BM25 top 60 of ${size} passages, 8 to 15 words`, value: top!, unit: 'ms', reference: { name: 'scoring every posting', value: all! } },
    { name: `a passage into the keyword index of ${size} and out again`, value: change, unit: 'ms', reference: null },
  ]
}

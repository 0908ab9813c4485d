/**
 * A corpus for measurements, the same at every run: passages of some 80 words made of the articles' own sentences, in which every tenth word
 * is put in the place of another from a vocabulary of 40,000 whose frequencies fall as in a language (Zipf). So common words stand in most
 * passages, medical ones in hundreds, and most words in a few, as in a hospital's documents. A passage's vector is made of its sentences'
 * own embeddings and some noise, so that a question is as near to the passages as to real ones.
 */
import fs from 'node:fs'
import path from 'node:path'
import { digest } from '../../backend/knowledge/passages/digest.js'
import type { PassagePage } from '../../backend/knowledge/passages/passage-page.js'
import { projectFolder } from '../../backend/testing/test-backend.js'

const wordsAPassage = 80
const inventedShare = 0.1
const inventedWords = 40_000
const passagesADocument = 20
const noise = 0.4
const mostSentences = 500

export interface BenchPassage {
  passageId: string
  documentId: string
  title: string
  heading: string
  ordinal: number
  content: string
  contentHash: string
  /** The article sentences that it is made of. */
  sentences: number[]
}

/** A repeatable generator of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export class BenchCorpus {
  /** Sentences of the project's English articles, evenly over all of them. */
  readonly sentences: readonly string[]

  constructor() {
    const folder = path.join(projectFolder, 'data', 'knowledge')
    const all = fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => fs.readFileSync(path.join(folder, name, 'en.md'), 'utf8').split('\n'))
      .filter((line) => !line.startsWith('#'))
      .flatMap((line) => line.replace(/^- /, '').split(/(?<=[.!?])\s+/))
      .filter((sentence) => sentence.split(' ').length >= 5)
    this.sentences = all.filter((_sentence, index) => index % Math.ceil(all.length / mostSentences) === 0)
  }

  /** `count` English passages of documents of 20; the first ones are the same whatever the count. */
  passages(count: number): BenchPassage[] {
    const sentences = this.sentences.map((sentence) => sentence.split(' '))
    const random = seeded(7)
    // The inverse of Zipf's distribution: the rank grows with the power of a share.
    const zipf = (): string => inventedWord(Math.floor(inventedWords ** random()) - 1)
    return Array.from({ length: count }, (_unused, index) => {
      const words: string[] = []
      const taken: number[] = []
      while (words.length < wordsAPassage) {
        const sentence = Math.floor(random() * sentences.length)
        taken.push(sentence)
        for (const word of sentences[sentence]!) words.push(random() < inventedShare ? zipf() : word)
      }
      const content = words.join(' ')
      const document = Math.floor(index / passagesADocument)
      return {
        passageId: `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
        documentId: `bench-${String(document).padStart(5, '0')}`,
        title: `${inventedWord(document * 7)} ${inventedWord(document * 3)}`,
        heading: `Section ${Math.floor((index % passagesADocument) / 4)}`,
        ordinal: index % passagesADocument,
        content,
        contentHash: digest(content),
        sentences: taken,
      }
    })
  }

  /** Vectors of length 1 of passages, one after the other, from the embeddings of the sentences. */
  vectors(passages: readonly BenchPassage[], sentenceVectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
    const dimensions = sentenceVectors[0]?.length ?? 0
    const random = seeded(11)
    const vectors = new Float32Array(passages.length * dimensions)
    for (const [row, { sentences }] of passages.entries()) {
      const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions)
      for (const sentence of sentences) for (let at = 0; at < dimensions; at++) vector[at]! += sentenceVectors[sentence]![at]!
      normalise(vector)
      // Evenly distributed components between -1 and 1 have a mean square of 1/3.
      for (let at = 0; at < dimensions; at++) vector[at]! += (random() * 2 - 1) * noise * Math.sqrt(3 / dimensions)
      normalise(vector)
    }
    return vectors
  }

  /** Questions of 8 to 15 words, none like another: the beginnings of two sentences and a number. */
  questions(count: number, seed = 23): string[] {
    const random = seeded(seed)
    const words = this.sentences.map((sentence) => sentence.replace(/[.!?]$/, '').split(' '))
    const part = (): string => (words[Math.floor(random() * words.length)] ?? []).slice(0, 4 + Math.floor(random() * 4)).join(' ')
    return Array.from({ length: count }, (_unused, index) => `${part()} ${part()} ${seed + index}`)
  }
}

/** Passages as the database hands them to the knowledge thread, a thousand a page. */
export function* benchPages(passages: readonly BenchPassage[]): Generator<PassagePage> {
  for (let from = 0; from < passages.length; from += 1000) {
    const part = passages.slice(from, from + 1000)
    const titles = new Map(part.map(({ documentId, title }) => [documentId, title]))
    yield {
      passages: JSON.stringify(part.map(({ passageId, documentId, ordinal, heading, content, contentHash }) => [passageId, documentId, 'en', ordinal, heading, content, 0, content.length, 'public', null, contentHash])),
      documents: JSON.stringify([...titles].map(([documentId, title]) => [documentId, 'en', title, [], false, null])),
    }
  }
}

/** A word of the vocabulary by rank. */
function inventedWord(rank: number): string {
  const syllables = ['ba', 'ko', 'mi', 'tu', 'ra', 'do', 'li', 'nu', 'fa', 'go', 'vi', 'pu', 'sa', 'jo', 'ki', 'mu']
  let word = ''
  for (let rest = rank + 256; rest > 0; rest >>= 4) word += syllables[rest & 15]
  return `${word}x`
}

function normalise(vector: Float32Array): void {
  const length = Math.sqrt(vector.reduce((sum, component) => sum + component * component, 0))
  for (let at = 0; at < vector.length; at++) vector[at]! /= length
}

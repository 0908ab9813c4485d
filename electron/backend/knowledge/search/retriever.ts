/**
 * The indexes in memory and how they are searched: keyword (BM25 a language) and vector, joined by reciprocal rank fusion.
 * What the caller may not read is left out before ranking.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { SearchResult } from '../../../../shared/contract/conversations.js'
import type { IndexedPassage } from '../passages/document.js'
import type { EmbeddingQueue } from '../model/embedding-queue.js'
import { foldText } from '../language/fold-text.js'
import { KeywordIndex } from './keyword-index.js'
import type { Lexicon } from '../language/lexicon.js'
import { pairPassages } from '../passages/passage-pairs.js'
import { RecentMap } from './recent-map.js'
import { reciprocalRankFusion } from './reciprocal-rank-fusion.js'
import { VectorTable } from './vector-table.js'
import type { ReadingScope, SearchRequest } from '../thread/worker-messages.js'

/** Below this cosine a passage has nothing to do with the question (measured: unrelated text lies under 0.2). */
const leastCosine = 0.25
/** Below this share of the reachable BM25 a passage shares no more than a chance word; less will do for one that is near by vector too. */
const leastKeywordShare = { alone: 0.2, joined: 0.06 }
/** English keywords that come from the lexicon count less than the asker's own words. */
const glossWeight = 0.6
const passagesADocument = 2
const candidates = 60

interface Entry {
  slot: number
  passage: IndexedPassage
}

type Scores = Map<Entry, number>

export class Retriever {
  readonly #lexicon: Lexicon
  readonly #keywords = { en: new KeywordIndex('en'), fr: new KeywordIndex('fr') }
  readonly #entries = new Map<string, Entry>()
  readonly #bySlot: (Entry | undefined)[] = []
  readonly #freeSlots: number[] = []
  readonly #queryVectors = new RecentMap<string, Float32Array>(500)
  #model: { queue: EmbeddingQueue; languages: readonly Language[]; vectors: VectorTable } | null = null
  #pairs: Map<Entry['passage'], Entry['passage'][]> | null = null

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon
  }

  /** Gives the retriever a model; until then it searches by keyword. */
  setModel(queue: EmbeddingQueue, manifest: { dimensions: number; languages: readonly Language[] }): void {
    this.#model = { queue, languages: manifest.languages, vectors: new VectorTable(manifest.dimensions) }
  }

  /** Adds passages, or puts them in the place of those with the same id. */
  addPassages(passages: readonly IndexedPassage[]): void {
    for (const passage of passages) {
      const before = this.#entries.get(passage.passageId)
      const vector = before?.passage.contentHash === passage.contentHash ? this.#model?.vectors.get(before.slot) : null
      if (before) this.#remove(before)
      const slot = this.#freeSlots.pop() ?? this.#bySlot.length
      const entry = { slot, passage }
      this.#entries.set(passage.passageId, entry)
      this.#bySlot[slot] = entry
      this.#keywords[passage.lang].add(slot, passage)
      if (vector) this.#model?.vectors.set(slot, vector)
    }
    this.#pairs = null
  }

  removePassages(passageIds: readonly string[]): void {
    for (const passageId of passageIds) {
      const entry = this.#entries.get(passageId)
      if (entry) this.#remove(entry)
    }
    this.#pairs = null
  }

  /** Keeps a passage's vector for searching; false when the passage is not there any more, or has another text. */
  addVector(passageId: string, contentHash: string, vector: ArrayLike<number>): boolean {
    const entry = this.#entries.get(passageId)
    if (!this.#model || entry?.passage.contentHash !== contentHash) return false
    this.#model.vectors.set(entry.slot, vector)
    return true
  }

  /** A passage with its vector, or null when either is missing. */
  vectorOf(passageId: string): { contentHash: string; vector: Float32Array } | null {
    const entry = this.#entries.get(passageId)
    const vector = entry && this.#model?.vectors.get(entry.slot)
    return entry && vector ? { contentHash: entry.passage.contentHash, vector } : null
  }

  /** The best passages for a question, best first, in the asker's language where that side exists. */
  async search({ query, language, strategy, topK, threshold, scope }: SearchRequest): Promise<{ results: SearchResult[]; keywordOnly: boolean }> {
    const isReadable = this.#readable(scope)
    const keywordOnly = this.#model === null || this.#model.vectors.size === 0
    const byVector: Scores = strategy === 'keyword' ? new Map() : this.#inLanguage(await this.#vectorScores(query, language, isReadable), language)
    const byKeyword: Scores = strategy === 'vector' && !keywordOnly ? new Map() : this.#inLanguage(this.#keywordScores(query, language, isReadable), language)
    for (const [entry, score] of byKeyword) if (score < leastKeywordShare.alone && !byVector.has(entry)) byKeyword.delete(entry)
    const lists = [byVector, byKeyword].filter((scores) => scores.size > 0).map(ranked)
    const onlyScores = byVector.size === 0 ? byKeyword : byKeyword.size === 0 ? byVector : null
    const joined = onlyScores ? (lists[0] ?? []).map((item) => ({ item, score: onlyScores.get(item) ?? 0 })) : reciprocalRankFusion(lists)
    // A fused score tells the order and not how near a passage is: the threshold reads the cosine or the keyword share.
    const isNear = (entry: Entry): boolean => threshold === null || Math.max(byVector.get(entry) ?? 0, byKeyword.get(entry) ?? 0) >= threshold
    return { results: diversify(joined.filter(({ item }) => isNear(item)), topK), keywordOnly }
  }

  /** How near a question comes to the public passages. */
  async nearness(query: string, language: Language): Promise<{ score: number; by: 'vector' | 'keyword' }> {
    const isReadable = this.#readable({ audiences: ['public'], userId: null })
    const by = this.#model && this.#model.vectors.size > 0 ? 'vector' : 'keyword'
    const scores = by === 'vector' ? await this.#vectorScores(query, language, isReadable) : this.#keywordScores(query, language, isReadable)
    return { score: Math.max(0, ...scores.values()), by }
  }

  #readable({ audiences, userId }: ReadingScope): (slot: number) => boolean {
    return (slot) => {
      const passage = this.#bySlot[slot]?.passage
      if (!passage || !audiences.includes(passage.audience)) return false
      return passage.audience !== 'owner' || (userId !== null && passage.ownerId === userId)
    }
  }

  async #vectorScores(query: string, language: Language, isReadable: (slot: number) => boolean): Promise<Scores> {
    const model = this.#model
    if (!model || model.vectors.size === 0) return new Map()
    const text = language === 'en' || !model.languages.includes(language) ? this.#lexicon.toEnglish(query, language) : query
    if (text.trim() === '') return new Map()
    const vector = await this.#queryVector(model.queue, text)
    return this.#scores(model.vectors.nearest(vector, candidates, leastCosine, isReadable))
  }

  async #queryVector(queue: EmbeddingQueue, text: string): Promise<Float32Array> {
    const known = this.#queryVectors.get(text)
    if (known) return known
    const [vector] = await queue.embed([text], 'query')
    if (!vector) throw new Error('the model gave no vector')
    this.#queryVectors.set(text, vector)
    return vector
  }

  #keywordScores(query: string, language: Language, isReadable: (slot: number) => boolean): Scores {
    const own = this.#keywords[language].search(query, isReadable)
    const gloss = this.#lexicon.englishKeywords(query, language)
    const total = new Map(own)
    // In English both fall on the same passages and add up; the sum stays between 0 and 1.
    const most = language === 'en' && gloss !== '' ? 1 + glossWeight : 1
    for (const [slot, score] of this.#keywords.en.search(gloss, isReadable)) total.set(slot, (total.get(slot) ?? 0) + glossWeight * score)
    for (const [slot, score] of total) total.set(slot, score / most)
    const nearest = [...total].filter(([, score]) => score >= leastKeywordShare.joined).sort((one, other) => other[1] - one[1])
    return this.#scores(nearest.slice(0, candidates).map(([slot, score]) => ({ slot, score })))
  }

  #scores(hits: readonly { slot: number; score: number }[]): Scores {
    return new Map(hits.flatMap(({ slot, score }) => {
      const entry = this.#bySlot[slot]
      return entry ? [[entry, score] as const] : []
    }))
  }

  /** Moves hits to the asker's language side: a hit on one side is a hit on both. */
  #inLanguage(scores: Scores, language: Language): Scores {
    this.#pairs ??= pairPassages([...this.#entries.values()].map(({ passage }) => passage))
    const moved: Scores = new Map()
    const raise = (entry: Entry, score: number): void => {
      moved.set(entry, Math.max(moved.get(entry) ?? 0, score))
    }
    for (const [entry, score] of scores) {
      const others = entry.passage.lang === language ? [] : (this.#pairs.get(entry.passage) ?? [])
      if (others.length === 0) raise(entry, score)
      for (const other of others) {
        const target = this.#entries.get(other.passageId)
        if (target) raise(target, score)
      }
    }
    return moved
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.passage.passageId)
    this.#bySlot[entry.slot] = undefined
    this.#keywords[entry.passage.lang].remove(entry.slot, entry.passage)
    this.#model?.vectors.delete(entry.slot)
    this.#freeSlots.push(entry.slot)
  }
}

function ranked(scores: Scores): Entry[] {
  return [...scores].sort((one, other) => other[1] - one[1] || one[0].slot - other[0].slot).map(([entry]) => entry)
}

/** The first `topK`, without texts that were there before and with at most two passages a document. */
function diversify(ordered: readonly { item: Entry; score: number }[], topK: number): SearchResult[] {
  const results: SearchResult[] = []
  const texts = new Set<string>()
  const perDocument = new Map<string, number>()
  for (const { item, score } of ordered) {
    if (results.length >= topK) break
    const { passage } = item
    const text = foldText(passage.content)
    const count = perDocument.get(passage.documentId) ?? 0
    if (texts.has(text) || count >= passagesADocument) continue
    texts.add(text)
    perDocument.set(passage.documentId, count + 1)
    results.push({
      document_id: passage.documentId,
      title: passage.title,
      lang: passage.lang,
      passage: passage.content,
      score: Math.round(score * 10_000) / 10_000,
      start: passage.start,
      end: passage.end,
      passage_id: passage.passageId,
      heading: passage.heading,
      reviewed: passage.reviewed,
    })
  }
  return results
}

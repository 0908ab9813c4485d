/**
 * The indexes in memory and how they are searched. Sections are found by meaning, by keyword and by the conditions that the question's words
 * may point to, and ranked together; then the best passages of the best sections are chosen. What the caller may not read is left out first.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { SearchResult } from '../../../../shared/contract/conversations.js'
import type { ConditionFinder } from '../conditions/condition-finder.js'
import type { Lexicon } from '../language/lexicon.js'
import { Spelling } from '../language/spelling.js'
import { textTerms } from '../language/text-terms.js'
import type { EmbeddingQueue } from '../model/embedding-queue.js'
import type { IndexedPassage } from '../passages/document.js'
import type { ReadingScope, SearchRequest } from '../thread/worker-messages.js'
import type { WeightedTerm } from './keyword-index.js'
import { PassageChoice } from './passage-choice.js'
import { PassageTerms } from './passage-terms.js'
import { rankByEvidence, type Evidence } from './rank-by-evidence.js'
import { ReadingMasks } from './reading-masks.js'
import { RecentMap } from './recent-map.js'
import { SectionTable, type Section } from './section-table.js'
import { VectorTable } from './vector-table.js'

/** Below this cosine a passage has nothing to do with the question (measured: unrelated text lies under 0.2). */
const leastCosine = 0.25
/** Below this share of the reachable BM25 a section shares no more than a chance word; less will do for one that is also found otherwise. */
const leastKeywordShare = { alone: 0.2, joined: 0.04 }
/** Below this share of the question a condition's words agree by chance. */
const leastConditionShare = 0.1
/** English words that the lexicon sets beside English ones count less than the asker's own. */
const glossWeight = 0.5
/** A section's second passage tells whether it keeps to the subject. */
const cosineParts = { best: 0.8, second: 0.2 }
/** Of a section's nearness by meaning its title is this share: a title says what it is about, a passage what it says of it. */
const titleShare = 0.5
const titlesABatch = 32
const nearestPassages = 400
const foundSections = 200

interface Entry {
  slot: number
  passage: IndexedPassage
}

/** A question as it is searched for. */
interface Question {
  text: string
  language: Language
  /** In English: itself, or its gloss. */
  english: string
  /** English words that stand for it: its own, or the medical words of its gloss. */
  keywords: string
  /** English words set beside these: what lay words mean, everyday words of a gloss, and other names of the conditions that it names. */
  beside: string
  vector: Float32Array | null
}

export class Retriever {
  readonly #lexicon: Lexicon
  readonly #conditions: ConditionFinder
  readonly #sections: SectionTable
  readonly #spelling = { en: new Spelling('en'), fr: new Spelling('fr') }
  /** The sections' terms are among the known words. */
  #spellingComplete = false
  readonly #entries = new Map<string, Entry>()
  readonly #bySlot: (Entry | undefined)[] = []
  readonly #freeSlots: number[] = []
  readonly #masks = new ReadingMasks()
  readonly #passageTerms = new PassageTerms()
  readonly #queryVectors = new RecentMap<string, Float32Array>(500)
  #model: { queue: EmbeddingQueue; languages: readonly Language[]; vectors: VectorTable } | null = null

  constructor(lexicon: Lexicon, conditions: ConditionFinder) {
    this.#lexicon = lexicon
    this.#conditions = conditions
    this.#sections = new SectionTable(conditions)
    for (const language of ['en', 'fr'] as const) {
      const spelling = this.#spelling[language]
      for (const phrase of lexicon.phrases(language)) spelling.addText(phrase)
      for (const term of conditions.terms(language)) spelling.addWord(term)
    }
  }

  /** Gives the retriever a model; until then it searches by keyword. */
  setModel(queue: EmbeddingQueue, manifest: { dimensions: number; languages: readonly Language[] }): void {
    this.#model = { queue, languages: manifest.languages, vectors: new VectorTable(manifest.dimensions) }
    this.#sections.keepTitles(manifest.dimensions)
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
      this.#masks.set(slot, passage)
      this.#sections.add(passage)
      if (vector) this.#model?.vectors.set(slot, vector)
    }
  }

  removePassages(passageIds: readonly string[]): void {
    for (const passageId of passageIds) {
      const entry = this.#entries.get(passageId)
      if (entry) this.#remove(entry)
    }
  }

  /** Keeps a passage's vector for searching; false when the passage is not there any more, or has another text. */
  addVector(passageId: string, contentHash: string, vector: ArrayLike<number>): boolean {
    const entry = this.#entries.get(passageId)
    if (!this.#model || entry?.passage.contentHash !== contentHash) return false
    this.#model.vectors.set(entry.slot, vector)
    return true
  }

  hasVector(passageId: string): boolean {
    const slot = this.#entries.get(passageId)?.slot
    return slot !== undefined && this.#model?.vectors.has(slot) === true
  }

  /** Makes what was added ready for searching, but for its words as spellings; a search does it too. */
  refresh(): void {
    if (this.#sections.refresh()) this.#spellingComplete = false
  }

  /** Gives the sections' titles that have none their vectors, which `embed` makes, and gives the titles of all sections. */
  async embedTitles(embed: (titles: string[]) => Promise<readonly Float32Array[]>): Promise<ReadonlySet<string>> {
    this.refresh()
    const untitled = this.#sections.untitled()
    for (let at = 0; at < untitled.length && this.#model; at += titlesABatch) {
      const batch = untitled.slice(at, at + titlesABatch)
      const vectors = await embed(batch.map((section) => section.title))
      for (const [index, section] of batch.entries()) {
        const vector = vectors[index]
        if (vector) this.#sections.setTitleVector(section, vector)
      }
    }
    return this.#sections.titles()
  }

  /** A passage with its vector, or null when either is missing. */
  vectorOf(passageId: string): { contentHash: string; vector: Float32Array } | null {
    const entry = this.#entries.get(passageId)
    const vector = entry && this.#model?.vectors.get(entry.slot)
    return entry && vector ? { contentHash: entry.passage.contentHash, vector } : null
  }

  /** The best passages for a question, best first, in the asker's language where that side exists. */
  async search({ query, language, strategy, topK, threshold, scope }: SearchRequest): Promise<{ results: SearchResult[]; keywordOnly: boolean }> {
    const keywordOnly = this.#model === null || this.#model.vectors.size === 0
    const question = await this.#question(query, language, strategy === 'keyword')
    // From here on nothing waits: what the masks allow stays what is ranked.
    this.#refresh()
    const byVector = this.#sectionsByVector(question, scope)
    const { byKeyword, ownWordsShare } =
      strategy === 'vector' && !keywordOnly ? { byKeyword: new Map<Section, number>(), ownWordsShare: 0 } : this.#sectionsByKeyword(question, scope)
    const byCondition =
      strategy === 'vector' && !keywordOnly
        ? new Map<Section, number>()
        : this.#sections.byCondition(question.text, language, scope, { count: foundSections, minimum: leastConditionShare })
    for (const [section, share] of byKeyword) {
      if (share < leastKeywordShare.alone && !byVector.has(section) && !byCondition.has(section)) byKeyword.delete(section)
    }
    const evidence: Evidence<Section> = { byVector, byKeyword, byCondition, ownWordsShare }
    const choice = new PassageChoice({
      language,
      terms: this.#telling(question),
      passageTerms: this.#passageTerms,
      cosine: question.vector ? (passage) => this.#cosine(question.vector, passage) : null,
      leastNearness: threshold,
      conditionShare: (section) => byCondition.get(section) ?? 0,
    })
    return { results: choice.choose(rankByEvidence(evidence), topK).map(toResult), keywordOnly }
  }

  /** How near a question comes to what this scope may read. */
  async nearness(query: string, language: Language, scope: ReadingScope): Promise<{ score: number; by: 'vector' | 'keyword' }> {
    const by = this.#model && this.#model.vectors.size > 0 ? 'vector' : 'keyword'
    const question = await this.#question(query, language, by === 'keyword')
    this.#refresh()
    const readable = this.#masks.maskFor(scope)
    if (question.vector && this.#model) return { score: Math.max(0, this.#model.vectors.nearest(question.vector, 1, 0, readable)[0]?.score ?? 0), by }
    return { score: Math.max(0, ...this.#sectionsByKeyword(question, scope).byKeyword.values()), by }
  }

  /** The question with its slips mended, its English and, where there is a model, its vector. */
  async #question(asked: string, language: Language, withoutVector: boolean): Promise<Question> {
    this.#refresh()
    const text = this.#spelling[language].mend(asked)
    const medical = this.#lexicon.englishKeywords(text, language)
    const english = language === 'en' ? text : this.#lexicon.toEnglish(text, language)
    const others = this.#conditions.otherNames(text, language)
    const [keywords, beside] = language === 'en' ? [text, [medical, ...others].join(' ')] : [medical, [english, ...others].join(' ')]
    const model = this.#model
    const embedded = model?.languages.includes(language) === true ? text : english
    const vector = !model || withoutVector || model.vectors.size === 0 || embedded.trim() === '' ? null : await this.#queryVector(model.queue, embedded)
    return { text, language, english, keywords, beside, vector }
  }

  #refresh(): void {
    if (!this.#sections.refresh() && this.#spellingComplete) return
    for (const language of ['en', 'fr'] as const) for (const term of this.#sections.terms(language)) this.#spelling[language].addTerm(term)
    this.#spellingComplete = true
  }

  async #queryVector(queue: EmbeddingQueue, text: string): Promise<Float32Array> {
    const known = this.#queryVectors.get(text)
    if (known) return known
    const [vector] = await queue.embed([text], 'query')
    if (!vector) throw new Error('the model gave no vector')
    this.#queryVectors.set(text, vector)
    return vector
  }

  #sectionsByVector({ vector }: Question, scope: ReadingScope): Map<Section, number> {
    const best = new Map<Section, { first: number; second: number }>()
    if (!vector || !this.#model) return new Map()
    for (const { slot, score } of this.#model.vectors.nearest(vector, nearestPassages, leastCosine, this.#masks.maskFor(scope))) {
      const passageId = this.#bySlot[slot]?.passage.passageId
      const section = passageId === undefined ? undefined : this.#sections.sectionOf(passageId)
      if (!section) continue
      const known = best.get(section)
      // Nearest first: the second of a section to come is its second best.
      if (!known) best.set(section, { first: score, second: 0 })
      else if (known.second === 0) known.second = score
    }
    for (const section of this.#sections.byTitle(vector, scope, { count: foundSections, minimum: leastCosine })) {
      if (!best.has(section)) best.set(section, { first: 0, second: 0 })
    }
    return new Map([...best].map(([section, { first, second }]) => {
      const passages = cosineParts.best * first + cosineParts.second * second
      const title = this.#sections.titleCosine(section, vector)
      return [section, title === null ? passages : titleShare * title + (1 - titleShare) * passages]
    }))
  }

  /** Shares by the asker's own words and by their English, and the greatest share without what was set beside them. */
  #sectionsByKeyword({ text, language, english, keywords, beside }: Question, scope: ReadingScope): { byKeyword: Map<Section, number>; ownWordsShare: number } {
    const limit = { count: foundSections, minimum: leastKeywordShare.joined }
    const own = language === 'fr' ? this.#sections.byKeyword(text, 'fr', scope, limit) : new Map<Section, number>()
    const nearest = this.#sections.byKeyword(english, 'en', scope, { count: 1, minimum: 0 })
    const ownWordsShare = Math.max(0, ...nearest.values(), ...own.values())
    const found = this.#sections.byKeyword([{ terms: weightedTerms(keywords, beside), share: 1 }], 'en', scope, limit)
    for (const [section, share] of own) found.set(section, Math.max(share, found.get(section) ?? 0))
    return { byKeyword: found, ownWordsShare }
  }

  /** The question's terms in each language, with how telling they are. */
  #telling({ text, language, keywords, beside }: Question): Record<Language, Map<string, number>> {
    const weigh = (words: string, of: Language): Map<string, number> => new Map(textTerms(words, of).map((term) => [term, this.#sections.inverseFrequency(term, of)]))
    return { en: weigh(`${keywords} ${beside}`, 'en'), fr: language === 'fr' ? weigh(text, 'fr') : new Map() }
  }

  #cosine(query: Float32Array | null, passage: IndexedPassage): number {
    const slot = this.#entries.get(passage.passageId)?.slot
    return query && slot !== undefined ? (this.#model?.vectors.score(query, slot) ?? 0) : 0
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.passage.passageId)
    this.#bySlot[entry.slot] = undefined
    this.#masks.delete(entry.slot)
    this.#sections.remove(entry.passage)
    this.#model?.vectors.delete(entry.slot)
    this.#freeSlots.push(entry.slot)
  }
}

/** The terms of a question, and at less weight those set beside it. */
function weightedTerms(question: string, beside: string): WeightedTerm[] {
  const weights = new Map<string, number>()
  for (const term of textTerms(beside, 'en')) weights.set(term, glossWeight)
  for (const term of textTerms(question, 'en')) weights.set(term, 1)
  return [...weights].map(([term, weight]) => ({ term, weight }))
}

function toResult({ passage, score }: { passage: IndexedPassage; score: number }): SearchResult {
  return {
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
    ...(passage.page === undefined ? {} : { page: passage.page }),
  }
}

/** The clinical knowledge of the device: which questions are searched for, what is found, and an answer from it without a model. */
import { access, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Language } from '../../../shared/contract/common.js'
import type { RetrievalStrategy, SearchResult } from '../../../shared/contract/conversations.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { KnowledgeDocument } from '../../../shared/contract/knowledge.js'
import type { Health } from '../../../shared/contract/system.js'
import type { QueryRunner } from '../database/database.js'
import type { Logger } from '../logging/logger.js'
import { startWorker } from '../workers/start-worker.js'
import { ArticleKeywords } from './articles/article-keywords.js'
import { DocumentStore, type DocumentSummary, type KnowledgeDatabase } from './passages/document-store.js'
import { documentExcerpt, type DocumentExcerpt } from './passages/document-excerpt.js'
import type { Audience, IngestedDocument, KnowledgeDocumentSource } from './passages/document.js'
import type { PassageSpan } from './passages/split-passages.js'
import { foldText } from './language/fold-text.js'
import { IndexBuilder } from './index/index-builder.js'
import { detectLanguage } from './language/language-detection.js'
import { Lexicon } from './language/lexicon.js'
import { answerOffline, type OfflineAnswer } from './answers/offline-answer.js'
import { SentenceNearness } from './answers/sentence-nearness.js'
import { RecentMap } from './search/recent-map.js'
import { askedSections, sectionKind, type SectionKind } from './articles/section-kind.js'
import { readSummaries, SummaryFileError, type SummaryRows } from './summaries/summary-import.js'
import { WorkerConnection } from './thread/worker-connection.js'
import type { KnowledgeWorkerData } from './thread/worker-messages.js'
import { readRecalled, type RecalledArticle } from './articles/recalled-articles.js'
import { mayRead, readingScope, type ContentPolicy, type Reader } from './reading-scope.js'

export interface KnowledgeOptions {
  database: KnowledgeDatabase
  articlesFolder: string
  lexiconFolder: string
  modelsFolder: string
  indexFolder: string
  logger: Logger
  /** Manifest of the model that the project ships; by default `models/all-MiniLM-L6-v2.json` beside the lexicon. */
  modelManifest?: string
  /** The condition thesaurus; by default `conditions` beside the lexicon. */
  conditionsFolder?: string
  /** Names to take out of clinical summaries; by default `clinical/names.yaml` beside the lexicon. */
  namesFile?: string
  /** A test's own thread in place of the product's. */
  workerSource?: URL
}

export interface RetrieveRequest {
  query: string
  strategy?: RetrievalStrategy
  /** Most passages, 1 to 50. */
  topK?: number
  /** Least cosine or keyword share of a passage, 0 to 1. */
  threshold?: number
  /** The asker's language; by default that of the query. */
  language?: Language
  /** Search these documents alone. */
  documentIds?: readonly string[]
  reader: Reader
}

export interface Retrieval {
  results: SearchResult[]
  strategy: RetrievalStrategy
  cache: 'hit' | 'miss'
  processingTimeMs: number
  /** The search was by keyword alone: no model, or no vector yet. */
  keywordOnly: boolean
}

/** Nearness from which a question without any medical word is searched for; measured on small talk and lay complaints. */
const leastNearness = { vector: 0.3, keyword: 0.3 }
const cachedRetrievals = 500
/** Sections of the best document that an answer may add to what was found. */
const companionSections: readonly SectionKind[] = ['danger', 'self_care', 'when_to_come']

export type { Reader } from './reading-scope.js'

export class KnowledgeService {
  readonly #options: KnowledgeOptions
  readonly #store: DocumentStore
  readonly #logger: Logger
  readonly #lexicon: Promise<Lexicon>
  readonly #abort = new AbortController()
  readonly #worker: WorkerConnection
  readonly #builder: IndexBuilder
  readonly #cache = new RecentMap<string, { results: SearchResult[]; keywordOnly: boolean }>(cachedRetrievals)
  readonly #searchable: Promise<void>
  readonly #modelLoaded: Promise<void>
  #building: Promise<void>
  #keywords = new ArticleKeywords([])
  #counts = { documents: 0, passages: 0 }
  #progress = 0
  #status: Health['retrieval']['status'] = 'building'
  #model: string | null = null
  #policy: ContentPolicy = 'all'
  #sentences: SentenceNearness | null = null
  readonly #recalled: Promise<readonly RecalledArticle[]>
  readonly #listeners = new Set<() => void>()
  /** Raised at every change of the indexes; part of every cache key. */
  #revision = 0

  private constructor(options: KnowledgeOptions) {
    this.#options = options
    this.#logger = options.logger
    this.#store = new DocumentStore(options.database)
    const dataFolder = dirname(options.lexiconFolder)
    const parsedFolder = join(options.indexFolder, 'parsed')
    const workerData: KnowledgeWorkerData = {
      modelsFolder: options.modelsFolder,
      modelManifest: options.modelManifest ?? join(dataFolder, 'models', 'all-MiniLM-L6-v2.json'),
      lexiconFolder: options.lexiconFolder,
      conditionsFolder: options.conditionsFolder ?? join(dataFolder, 'conditions'),
      parsedFolder,
      indexFolder: options.indexFolder,
    }
    this.#lexicon = Lexicon.load(options.lexiconFolder, parsedFolder)
    this.#lexicon.catch((error: unknown) => this.#fail('lexicon_unreadable', error))
    this.#worker = new WorkerConnection(startWorker('knowledge-worker', workerData, options.workerSource ? { source: options.workerSource } : {}))
    void this.#worker.ended.then(() => this.#fail('knowledge_thread_ended'))
    this.#builder = new IndexBuilder({
      store: this.#store,
      worker: this.#worker,
      logger: options.logger,
      signal: this.#abort.signal,
      onProgress: (done, total) => {
        this.#progress = total === 0 ? 1 : done / total
        this.#changed()
        for (const listener of this.#listeners) listener()
      },
    })
    this.#recalled = readRecalled(options.articlesFolder)
    this.#recalled.catch((error: unknown) => this.#fail('recalled_unreadable', error))
    this.#searchable = this.#open()
    this.#modelLoaded = this.#searchable.then(() => this.#loadModel())
    this.#building = this.#modelLoaded.then(() => this.#build())
    // Each is awaited by whoever needs it; a failure without anybody waiting is in the log and in health().
    this.#searchable.catch(() => undefined)
    this.#modelLoaded.catch(() => undefined)
    this.#building.catch((error: unknown) => this.#fail('index_build_failed', error))
  }

  /** Starts the service; ingestion and index are made in the background. Resolves at once. */
  static async start(options: KnowledgeOptions): Promise<KnowledgeService> {
    return new KnowledgeService(options)
  }

  /** The words of both languages that searching uses. */
  lexicon(): Promise<Lexicon> {
    return this.#lexicon
  }

  /** What patients and guests may read from now on. */
  setContentPolicy(policy: ContentPolicy): void {
    this.#policy = policy
  }

  /** Resolves when the whole index is built. Rejects when it cannot be. */
  async ready(): Promise<void> {
    await this.#building
  }

  /**
   * Whether a message asks something that the documents may know: a medical word or keyword of either language, or a meaning near to what
   * the reader may read, without one to what is public.
   */
  async shouldRetrieve(query: string, language: Language, reader: Reader = { role: 'guest', userId: null }): Promise<boolean> {
    const lexicon = await this.#lexicon
    if (lexicon.isSmallTalk(query)) return false
    const asked = detectLanguage(query, language)
    if (lexicon.isMedical(query, asked) || this.#keywords.occurIn(query, asked)) return true
    if (this.#status === 'unavailable') return false
    await this.#searchable
    const { score, by } = await this.#worker.request('nearness', { query, language: asked, scope: readingScope(reader, this.#policy) })
    return score >= leastNearness[by]
  }

  /** Searches what the reader may read. Before the first keyword index stands (a second after the start) it waits for it. */
  async retrieve({ query, strategy = 'rrf_fusion', topK = 10, threshold, language, documentIds, reader }: RetrieveRequest): Promise<Retrieval> {
    const begun = performance.now()
    await this.#searchable
    const asked = language ?? detectLanguage(query, 'en')
    const scope = readingScope(reader, this.#policy, documentIds)
    const key = JSON.stringify([foldText(query).replace(/\s+/g, ' ').trim(), strategy, topK, threshold ?? null, asked, scope, this.#revision])
    const cached = this.#cache.get(key)
    const found = cached ?? (await this.#worker.request('search', { query, language: asked, strategy, topK, threshold: threshold ?? null, scope }))
    if (!cached) this.#cache.set(key, found)
    return {
      results: structuredClone(found.results),
      strategy: found.keywordOnly ? 'keyword' : strategy,
      cache: cached ? 'hit' : 'miss',
      processingTimeMs: Math.round((performance.now() - begun) * 100) / 100,
      keywordOnly: found.keywordOnly,
    }
  }

  /** An answer made of the results' own sentences; see offline-answer.ts. `results` must be what this reader's retrieval gave. */
  async answerFromPassages({ question, language, results, reader }: { question: string; language: Language; results: readonly SearchResult[]; reader?: Reader }): Promise<OfflineAnswer> {
    const lexicon = await this.#lexicon
    this.#sentences ??= new SentenceNearness({ embed: (texts) => this.embed(texts), lexicon })
    const sentences = this.#sentences
    return answerOffline({
      question,
      language,
      results,
      companions: await this.#companions(results, askedSections(question, language)),
      meaning: (text, spoken) => lexicon.toEnglish(text, spoken),
      // An answer is never lost to the model.
      ...(this.#model === null ? {} : { nearness: (candidates) => sentences.of(question, language, candidates).catch(() => new Map<string, number>()) }),
      reviewedOnly: reader !== undefined && readingScope(reader, this.#policy).reviewedOnly === true,
    })
  }

  /**
   * A document's whole text, or with `at` what stands around that offset of a long one; the other language's when this one does not exist.
   * Throws `not_found`, also for what the reader may not read, and `article_recalled` for an article that was withdrawn.
   */
  async open(documentId: string, lang: Language, reader: Reader, at?: number): Promise<KnowledgeDocument & DocumentExcerpt & { sources: KnowledgeDocumentSource[]; languages: Language[] }> {
    const sides = await this.#store.readLanguages(documentId)
    const document = await this.#store.readDocument(documentId, sides.includes(lang) ? lang : (sides[0] ?? lang))
    if (!document && (await this.#recalled).some(({ id }) => id === documentId)) throw new ContractError('article_recalled')
    if (!document || !mayRead(document, reader, this.#policy)) throw new ContractError('not_found')
    return { ...toContract(document), ...documentExcerpt(document.content, document.pageStarts, at), sources: document.sources, languages: sides }
  }

  /** The documents that the reader may read, each once, in this language where it exists. */
  async list(lang: Language, reader: Reader): Promise<KnowledgeDocument[]> {
    const chosen = new Map<string, DocumentSummary>()
    for (const document of await this.#store.listDocuments()) {
      if (!mayRead(document, reader, this.#policy)) continue
      if (document.lang === lang || !chosen.has(document.documentId)) chosen.set(document.documentId, document)
    }
    return [...chosen.values()].map(toContract)
  }

  /**
   * Brings the ward's clinical summaries to what this CSV file holds. Throws `not_found` when it cannot be read and `validation_failed` when
   * it is not such a table or has no valid row; then nothing is removed. The vectors follow in the background.
   */
  async importSummaries(path: string): Promise<SummaryRows> {
    await this.#searchable
    const names = await this.#readNames()
    const replacement = await this.#store.replace('clinical_summary')
    let report: SummaryRows
    try {
      report = await readSummaries(path, names, (documents) => replacement.put(documents))
      if (report.imported === 0) throw new ContractError('validation_failed')
      await replacement.finish()
    } catch (error) {
      if (error instanceof SummaryFileError) throw new ContractError(error.reason === 'unreadable' ? 'not_found' : 'validation_failed', { cause: error })
      throw error
    } finally {
      await this.#rebuild()
    }
    this.#logger.info({ event: 'summaries_imported', imported: report.imported, skipped: report.skipped, reasons: report.reasons })
    return report
  }

  /** Writes a document with its passages within the caller's transaction; `indexDocument` makes it be found. */
  async addDocument(document: IngestedDocument, spans: readonly PassageSpan[], queries: QueryRunner): Promise<void> {
    await this.#store.add(document, spans, queries)
  }

  /** Erases a document, its passages and their embeddings within the caller's transaction; `indexDocument` makes it no longer be found. */
  async eraseDocument(documentId: string, queries: QueryRunner): Promise<void> {
    await this.#store.erase(documentId, queries)
  }

  /** Changes who may read a document within the caller's transaction; `indexDocument` makes searching follow. */
  async setAudience(documentId: string, audience: Audience, ownerId: string | null, queries: QueryRunner): Promise<void> {
    await this.#store.setAudience(documentId, audience, ownerId, queries)
  }

  /**
   * Brings the indexes in step with one document that was added, changed or erased. Resolves when searching by keyword follows; `vectors`
   * then resolves when its vectors are made and the index on disk is written.
   */
  async indexDocument(documentId: string): Promise<{ vectors: Promise<void> }> {
    await this.#searchable
    await this.#loadPassages(documentId)
    const vectors = this.#buildAgain()
    return { vectors }
  }

  /** Calls the listener whenever vectors were made; gives how to stop it. */
  onIndexProgress(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** How many passages each document has and how many of them are fully indexed; without a model the keyword index is all there is. */
  indexProgress(): ReadonlyMap<string, { done: number; total: number }> {
    const progress = this.#builder.progressByDocument()
    if (this.#status !== 'keyword_only') return progress
    return new Map([...progress].map(([documentId, { total }]) => [documentId, { done: total, total }]))
  }

  /** State of retrieval for system.health. */
  health(): Health['retrieval'] {
    return { status: this.#status, ...this.#counts, progress: this.#progress, model: this.#model }
  }

  /** Normalised vectors of texts, before any background work. Throws `internal` without a model. */
  async embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    await this.#modelLoaded
    if (this.#model === null) throw new Error('there is no embedding model')
    return this.#worker.request('embed', { texts: [...texts], kind: 'query' }, signal)
  }

  /** Stops the building and ends the thread; afterwards nothing uses the database any more. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.#worker.close()
    await this.#building.catch(() => undefined)
  }

  /** Articles into the database and passages into the keyword index: from here on questions are answered. */
  async #open(): Promise<void> {
    // What the database holds goes to the thread while the articles are read; where these have changed, once more.
    const loaded = this.#loadPassages()
    loaded.catch(() => undefined)
    const haveChanged = await this.#builder.ingestArticles(this.#options.articlesFolder, await this.#recalled)
    await loaded
    if (haveChanged) await this.#loadPassages()
  }

  async #loadModel(): Promise<void> {
    const { model } = await this.#builder.loadModel()
    this.#model = model
    this.#changed()
  }

  async #build(): Promise<void> {
    if (this.#model === null) {
      this.#progress = 1
      this.#status = 'keyword_only'
      return
    }
    this.#status = 'building'
    await this.#builder.buildVectors()
    this.#progress = 1
    this.#status = 'ready'
    this.#changed()
  }

  /** Takes changed documents into the keyword index now, and into the vectors after whatever is being built. */
  async #rebuild(): Promise<void> {
    await this.#loadPassages()
    void this.#buildAgain().catch(() => undefined)
  }

  /** Builds the vectors after whatever is being built. A failure is in the log and in health(). */
  #buildAgain(): Promise<void> {
    this.#building = this.#building.catch(() => undefined).then(() => this.#build())
    this.#building.catch((error: unknown) => this.#fail('index_build_failed', error))
    return this.#building
  }

  async #loadPassages(documentId?: string): Promise<void> {
    await this.#builder.loadPassages(documentId)
    // A person's document brings no keywords of its own.
    if (documentId === undefined) this.#keywords = new ArticleKeywords(await this.#store.readPublicTitles())
    const counts = [...this.#builder.progressByDocument().values()]
    this.#counts = { documents: counts.length, passages: counts.reduce((sum, { total }) => sum + total, 0) }
    this.#changed()
  }

  async #companions(results: readonly SearchResult[], asked: ReadonlySet<SectionKind>): Promise<SearchResult[]> {
    const best = results[0]
    if (!best) return []
    const document = await this.#store.readDocument(best.document_id, best.lang)
    if (document?.kind !== 'article') return []
    const known = new Set(results.map((result) => result.passage_id))
    const passages = await this.#store.readDocumentPassages(best.document_id, best.lang)
    return passages.flatMap((passage) => {
      const kind = sectionKind(passage.heading)
      if (known.has(passage.passageId) || kind === null || !(companionSections.includes(kind) || asked.has(kind))) return []
      return [
        {
          document_id: best.document_id,
          title: document.title,
          lang: passage.lang,
          passage: passage.content,
          score: 0,
          start: passage.startOffset,
          end: passage.endOffset,
          passage_id: passage.passageId,
          heading: passage.heading,
          reviewed: document.reviewed,
        },
      ]
    })
  }

  async #readNames(): Promise<ReadonlySet<string>> {
    const file = this.#options.namesFile ?? join(dirname(this.#options.lexiconFolder), 'clinical', 'names.yaml')
    await access(file)
    const groups = z.array(z.array(z.string())).parse(parse(await readFile(file, 'utf8')))
    return new Set(groups.flat().map(foldText))
  }

  #changed(): void {
    this.#revision++
    this.#cache.clear()
  }

  #fail(event: string, error?: unknown): void {
    if (this.#abort.signal.aborted) return
    this.#status = this.#worker.alive && this.#counts.passages > 0 ? 'keyword_only' : 'unavailable'
    this.#logger.error({ event, err: error })
  }
}

function toContract(document: DocumentSummary): KnowledgeDocument {
  return {
    document_id: document.documentId,
    kind: document.kind,
    title: document.title,
    lang: document.lang,
    topic: document.topic,
    department: document.department,
    reviewed_by: document.reviewedBy,
    reviewed: document.reviewed,
    updated: document.updated,
  }
}

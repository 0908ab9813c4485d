/** Messages between the knowledge service and its worker thread. Every request has an id; an answer or a failure carries it back. */
import type { Language } from '../../../../shared/contract/common.js'
import type { RetrievalStrategy, SearchResult } from '../../../../shared/contract/conversations.js'
import type { ClinicalIndexState } from '../index/clinical-index.js'
import type { Audience, IndexedPassage } from '../passages/document.js'

export interface KnowledgeWorkerData {
  modelsFolder: string
  /** The manifest of the model that the project ships. */
  modelManifest: string
  lexiconFolder: string
  conditionsFolder: string
  indexFolder: string
}

/** Which passages somebody may read: those of these audiences, and of `owner` those of this person alone; with `documentIds` those of these documents alone. */
export interface ReadingScope {
  audiences: readonly Audience[]
  userId: string | null
  documentIds?: readonly string[]
  /** Only documents that a clinician has reviewed. */
  reviewedOnly?: boolean
}

export interface SearchRequest {
  query: string
  language: Language
  strategy: RetrievalStrategy
  topK: number
  threshold: number | null
  scope: ReadingScope
}

export interface LoadedModel {
  /** Key of the model, or null when none could be loaded. */
  model: string | null
  /** Why there is no model. */
  modelProblem: 'missing' | 'damaged' | null
  /** Languages that the model understands. */
  languages: Language[]
  indexState: ClinicalIndexState
  /** What the clinical index on disk holds. */
  indexed: { passageId: string; contentHash: string }[]
}

/** Requests by name, each with what goes in and what comes back. */
export interface KnowledgeRequests {
  load: { input: null; output: LoadedModel }
  'add-passages': { input: { passages: IndexedPassage[] }; output: null }
  'remove-passages': { input: { passageIds: string[] }; output: null }
  'add-vectors': { input: { items: { passageId: string; contentHash: string; vector: Float32Array }[] }; output: null }
  /** Writes what changed in memory since the last save to the clinical index, if anything. */
  save: { input: null; output: null }
  embed: { input: { texts: string[]; kind: 'query' | 'passage'; background: boolean }; output: Float32Array[] }
  search: { input: SearchRequest; output: { results: SearchResult[]; keywordOnly: boolean } }
  /** How near a question comes to what this scope may read: the best cosine, or the best keyword share without a model. */
  nearness: { input: { query: string; language: Language; scope: ReadingScope }; output: { score: number; by: 'vector' | 'keyword' } }
  close: { input: null; output: null }
}

export type RequestName = keyof KnowledgeRequests

export type ToWorker = { [Name in RequestName]: { id: number; name: Name; input: KnowledgeRequests[Name]['input'] } }[RequestName] | { id: number; name: 'cancel' }

export type FromWorker =
  | { id: number; ok: true; output: unknown }
  /** `reason` is an error's name; messages may quote texts. */
  | { id: number; ok: false; reason: string; cancelled: boolean }

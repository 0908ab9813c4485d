/** Messages between the knowledge service and its worker thread. Every request has an id; an answer or a failure carries it back. */
import type { Language } from '../../../../shared/contract/common.js'
import type { RetrievalStrategy, SearchResult } from '../../../../shared/contract/conversations.js'
import type { ClinicalIndexState } from '../index/clinical-index.js'
import type { Audience } from '../passages/document.js'
import type { PassagePage } from '../passages/passage-page.js'
import type { DocumentProgress } from './held-passages.js'

export interface KnowledgeWorkerData {
  modelsFolder: string
  /** The manifest of the model that the project ships. */
  modelManifest: string
  lexiconFolder: string
  conditionsFolder: string
  /** Where what YAML files parse to is kept. */
  parsedFolder: string
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
}

export interface PassageReference {
  passageId: string
  documentId: string
  contentHash: string
}

/** Vectors one after the other, as many as passages. */
export interface PassageVectors {
  passageIds: string[]
  contentHashes: string[]
  vectors: Float32Array
}

/** Requests by name, each with what goes in and what comes back. */
export interface KnowledgeRequests {
  /** Loads the model, and the clinical index on disk for the passages that are held. */
  load: { input: null; output: LoadedModel }
  /** Begins to bring the passages of one document, or with null all, into step with the database: every page follows, then the end. */
  'begin-passages': { input: { documentId: string | null }; output: null }
  'add-passages': { input: { page: PassagePage }; output: null }
  'end-passages': { input: null; output: null }
  /** How far each document is, or one. */
  progress: { input: { documentId: string | null }; output: DocumentProgress[] }
  /** The passages that should have a vector and have none, and how many should have one. */
  'missing-vectors': { input: null; output: { wanted: number; missing: PassageReference[] } }
  'add-vectors': { input: PassageVectors; output: null }
  /** Makes the vectors of passages behind any question, keeps them, and gives them; those of passages that are gone are left out. */
  'embed-passages': { input: { passageIds: string[] }; output: PassageVectors }
  /** Makes the vectors of the sections' titles that have none. */
  'embed-titles': { input: null; output: null }
  /** Writes what changed in memory since the last save to the clinical index, if anything. */
  save: { input: null; output: null }
  embed: { input: { texts: string[]; kind: 'query' | 'passage' }; output: Float32Array[] }
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

/**
 * Documents that people add: a file is read in a thread of its own, its text and passages go into the database in one transaction, and the
 * indexes follow. The file itself is not kept: text and passages are all that searching and opening need, and what is not there cannot leak.
 */
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Language } from '../../../shared/contract/common.js'
import type { DocumentAudience, DocumentEvent, DocumentState, UploadedDocument } from '../../../shared/contract/documents.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { violatesUnique } from '../database/database-error.js'
import type { Database } from '../database/database.js'
import type { KnowledgeService } from '../knowledge/knowledge-service.js'
import type { Logger } from '../logging/logger.js'
import type { Caller } from '../transport/handlers.js'
import type { DocumentReader } from './document-reader.js'
import type { ParsedDocument } from './parsing/parse-document.js'
import type { UploadRow } from './tables.js'
import type { Scope, UploadsStore } from './uploads-store.js'

export interface DocumentsServiceParts {
  database: Database
  uploads: UploadsStore
  reader: DocumentReader
  knowledge: Pick<KnowledgeService, 'addDocument' | 'eraseDocument' | 'setAudience' | 'indexDocument' | 'indexProgress' | 'onIndexProgress'>
  /** Full names of people by their ids. */
  namesOf: (userIds: readonly string[]) => Promise<Map<string, string>>
  logger: Logger
}

/** A file that is to be taken in. */
export interface NewFile {
  fileName: string
  bytes: Uint8Array
  scope: Scope
  /** Null for the watch folder. */
  addedBy: string | null
  /** Language of a text whose words do not tell. */
  fallback: Language
  watched?: { path: string; modifiedMs: number; /** The document that was made of the file before it was changed. */ replaces: string | null }
}

export interface TakenIn {
  documentId: string
  duplicate: boolean
}

/** A document on its way in. */
interface Job {
  documentId: string
  file: NewFile
  state: DocumentState
  done: number
  total: number
  createdAt: string
  controller: AbortController
  finished: Promise<unknown>
}

const notReviewed = { en: 'not reviewed by a clinician', fr: 'non relu par un clinicien' } as const

export class DocumentsService {
  readonly #parts: DocumentsServiceParts
  readonly #jobs = new Map<string, Job>()
  readonly #closing = new AbortController()
  /** Files are read one after the other: each may take a core and a good part of the memory. */
  #reading: Promise<unknown> = Promise.resolve()
  #erased = 0

  constructor(parts: DocumentsServiceParts) {
    this.#parts = parts
  }

  /**
   * Takes a person's file in; resolves when it is fully indexed. Throws a `document_…` error, `forbidden` for an audience that is not the
   * person's to give, and `cancelled` after the signal: then nothing of the file is left.
   */
  async upload(
    person: Caller,
    input: { file_name: string; content: Uint8Array; audience: DocumentAudience },
    context: { language: Language; signal: AbortSignal; emit: (event: DocumentEvent) => void },
  ): Promise<{ document: UploadedDocument; duplicate: boolean }> {
    if (input.audience === 'public' && person.role !== 'admin') throw new ContractError('forbidden')
    const { documentId, duplicate } = await this.takeIn(
      {
        fileName: baseName(input.file_name),
        bytes: input.content,
        scope: { audience: input.audience, ownerId: input.audience === 'owner' ? person.userId : null },
        addedBy: person.userId,
        fallback: context.language,
      },
      context,
    )
    const document = await this.#describe(documentId, person)
    if (!document) throw new ContractError('cancelled')
    return { document, duplicate }
  }

  /** Takes a file in, whoever brought it; see `upload`. */
  async takeIn(file: NewFile, { signal, emit = () => undefined }: { signal: AbortSignal; emit?: (event: DocumentEvent) => void }): Promise<TakenIn> {
    const fileDigest = createHash('sha256').update(file.bytes).digest('hex')
    const before = await this.#parts.uploads.byDigest(fileDigest, file.scope)
    if (before) return { documentId: before.documentId, duplicate: true }

    const controller = new AbortController()
    const job: Job = { documentId: uuidv7(), file, state: 'waiting', done: 0, total: 0, createdAt: new Date().toISOString(), controller, finished: Promise.resolve() }
    const report = (state: DocumentState, done = 0, total = 0): void => {
      Object.assign(job, { state, done, total })
      emit({ document_id: job.documentId, state, done, total })
    }
    this.#jobs.set(job.documentId, job)
    const run = this.#run(job, fileDigest, AbortSignal.any([signal, controller.signal]), report).finally(() => this.#jobs.delete(job.documentId))
    job.finished = run.catch(() => undefined)
    return run
  }

  /** The documents that the person may read, newest first; those on their way in included. */
  async list(person: Caller): Promise<UploadedDocument[]> {
    const rows = await this.#parts.uploads.readableBy(person.userId)
    const stored = new Set(rows.map((row) => row.documentId))
    const jobs = [...this.#jobs.values()].filter(({ documentId, file }) => !stored.has(documentId) && (file.scope.ownerId === null || file.scope.ownerId === person.userId))
    const people = [...rows.map((row) => row.uploadedBy), ...jobs.map(({ file }) => file.addedBy)].filter((id) => id !== null)
    const names = await this.#parts.namesOf([...new Set(people)])
    const progress = this.#parts.knowledge.indexProgress()
    return [
      ...jobs.reverse().map((job) => describeJob(job, names, person)),
      ...rows.map((row) => describeRow(row, { names, indexed: progress.get(row.documentId), person })),
    ]
  }

  /** Erases a document with everything that was made of it; stops one on its way in. Throws `not_found`, and `forbidden` where it is somebody else's to remove. */
  async remove(person: Caller, documentId: string): Promise<void> {
    const job = this.#jobs.get(documentId)
    const row = await this.#parts.uploads.byId(documentId)
    const of = row ?? (job ? { ...job.file.scope, uploadedBy: job.file.addedBy, watchPath: job.file.watched?.path ?? null } : null)
    if (!of || (of.ownerId !== null && of.ownerId !== person.userId)) throw new ContractError('not_found')
    if (!canRemove(of, person)) throw new ContractError('forbidden')
    if (job) {
      job.controller.abort()
      await job.finished
    }
    if (await this.#parts.uploads.byId(documentId)) await this.erase(documentId)
  }

  /** Erases a document, whoever asks. */
  async erase(documentId: string): Promise<void> {
    await this.#parts.database.transaction((transaction) => this.#parts.knowledge.eraseDocument(documentId, transaction))
    this.#erased++
    await this.#indexLater(documentId)
    this.#parts.logger.info({ event: 'document_removed', documentId })
  }

  /** Says who may read a document. Throws `not_found`, `document_exists`, and `validation_failed` where there is nobody to own it. */
  async setAudience(person: Caller, documentId: string, audience: DocumentAudience): Promise<UploadedDocument> {
    const row = await this.#parts.uploads.byId(documentId)
    if (!row || (row.ownerId !== null && row.ownerId !== person.userId)) throw new ContractError('not_found')
    const ownerId = audience === 'owner' ? row.uploadedBy : null
    if (audience === 'owner' && ownerId === null) {
      throw new ContractError('validation_failed', { fields: [{ field: 'audience', code: 'invalid_choice', message: 'Nobody added this document by hand' }] })
    }
    try {
      await this.#parts.database.transaction(async (transaction) => {
        await this.#parts.knowledge.setAudience(documentId, audience, ownerId, transaction)
        await this.#parts.uploads.setScope(documentId, { audience, ownerId }, transaction)
      })
    } catch (error) {
      if (violatesUnique(error, 'uploaded_documents_file_key')) throw new ContractError('document_exists', { cause: error })
      throw error
    }
    await this.#indexLater(documentId)
    const document = await this.#describe(documentId, person)
    // An administrator who gives a nurse's document back to the nurse no longer reads it.
    return document ?? describeRow({ ...row, audience, ownerId }, { names: new Map(), indexed: undefined, person })
  }

  /** How many documents were erased since this was last asked: their text stays in freed pages of the database until these are vacuumed. */
  takeErased(): number {
    const erased = this.#erased
    this.#erased = 0
    return erased
  }

  /** Stops what is being read and waits until nothing uses the database any more. What was stored stays, and is indexed at the next start. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled([...this.#jobs.values()].map((job) => job.finished))
  }

  async #run(job: Job, fileDigest: string, signal: AbortSignal, report: (state: DocumentState, done?: number, total?: number) => void): Promise<TakenIn> {
    report('waiting')
    const stop = AbortSignal.any([signal, this.#closing.signal])
    const stored = await this.#afterOthers(async () => {
      if (stop.aborted) throw new ContractError('cancelled')
      const before = await this.#parts.uploads.byDigest(fileDigest, job.file.scope)
      if (before) return { documentId: before.documentId, duplicate: true }
      report('parsing')
      const parsed = await this.#parts.reader.read({ ...job.file, signal: stop, onProgress: (done, total) => report('parsing', done, total) })
      report('storing')
      return this.#store(job, fileDigest, parsed, stop)
    }, stop)
    if (stored.duplicate) return stored
    await this.#index(job, signal, report)
    report('ready')
    return stored
  }

  async #store(job: Job, fileDigest: string, parsed: ParsedDocument, signal: AbortSignal): Promise<TakenIn> {
    const { documentId, file } = job
    const { lang, title, content, passages, pageStarts } = parsed
    const { watched, scope } = file
    try {
      await this.#parts.database.transaction(async (transaction) => {
        if (watched?.replaces) await this.#parts.knowledge.eraseDocument(watched.replaces, transaction)
        await this.#parts.knowledge.addDocument(
          {
            documentId, lang, kind: 'upload', title, topic: null, department: null, ...scope, content, sources: [], reviewedBy: notReviewed[lang], reviewed: false,
            version: 1, updated: new Date().toISOString().slice(0, 10), keywords: [], ...(pageStarts ? { pageStarts } : {}),
          },
          passages,
          transaction,
        )
        await this.#parts.uploads.insert(
          {
            documentId, lang, title, fileName: file.fileName, format: parsed.format, sizeBytes: file.bytes.byteLength, fileDigest, pageCount: pageStarts?.length ?? null,
            pagesWithoutText: parsed.pagesWithoutText, ...scope, uploadedBy: file.addedBy, watchPath: watched?.path ?? null, watchModifiedMs: watched ? Math.round(watched.modifiedMs) : null,
          },
          transaction,
        )
        // Stopped while it was written: the transaction leaves nothing behind.
        if (signal.aborted) throw new ContractError('cancelled')
      })
    } catch (error) {
      const same = violatesUnique(error, 'uploaded_documents_file_key') ? await this.#parts.uploads.byDigest(fileDigest, scope) : null
      if (same) return { documentId: same.documentId, duplicate: true }
      throw error
    }
    if (watched?.replaces) {
      this.#erased++
      await this.#indexLater(watched.replaces)
    }
    this.#parts.logger.info({ event: 'document_added', documentId, format: parsed.format, sizeBytes: file.bytes.byteLength, passages: passages.length, pages: pageStarts?.length ?? null })
    return { documentId, duplicate: false }
  }

  /** Waits until the document is fully indexed; takes it back when the signal comes first. */
  async #index(job: Job, signal: AbortSignal, report: (state: DocumentState, done?: number, total?: number) => void): Promise<void> {
    const { knowledge } = this.#parts
    const tell = (): void => {
      const { done, total } = knowledge.indexProgress().get(job.documentId) ?? { done: 0, total: 0 }
      report('indexing', done, total)
    }
    tell()
    const stopListening = knowledge.onIndexProgress(tell)
    try {
      const { vectors } = await knowledge.indexDocument(job.documentId)
      // A build that fails is in the log and in the device's state; the document is there and is found by keyword.
      await Promise.race([vectors.catch(() => undefined), aborted(AbortSignal.any([signal, this.#closing.signal]))])
    } finally {
      stopListening()
    }
    if (!signal.aborted || this.#closing.signal.aborted) return
    await this.erase(job.documentId)
    throw new ContractError('cancelled')
  }

  /** Lets the indexes follow; the vectors in the background. */
  async #indexLater(documentId: string): Promise<void> {
    const { vectors } = await this.#parts.knowledge.indexDocument(documentId)
    // Its failure is the knowledge service's to log.
    vectors.catch(() => undefined)
  }

  async #describe(documentId: string, person: Caller): Promise<UploadedDocument | null> {
    return (await this.list(person)).find((document) => document.document_id === documentId) ?? null
  }

  /** Runs when the files before are read; at once after the signal, for there is nothing to wait for then. */
  #afterOthers<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const before = this.#reading
    const mine = Promise.race([before, aborted(signal)]).then(work)
    this.#reading = Promise.allSettled([before, mine])
    return mine
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** A name without the folders that some browsers send with it. */
function baseName(fileName: string): string {
  return fileName.split(/[\\/]/).at(-1)?.trim() || fileName
}

/** Who added it, and administrators; what the watch folder holds is removed there. */
function canRemove(of: { uploadedBy: string | null; watchPath: string | null }, person: Caller): boolean {
  return of.watchPath === null && (person.role === 'admin' || of.uploadedBy === person.userId)
}

function describeRow(row: UploadRow, { names, indexed, person }: { names: Map<string, string>; indexed: { done: number; total: number } | undefined; person: Caller }): UploadedDocument {
  const progress = indexed && indexed.total > 0 ? indexed.done / indexed.total : indexed ? 1 : 0
  return {
    document_id: row.documentId,
    title: row.title,
    file_name: row.fileName,
    format: row.format,
    lang: row.lang,
    size_bytes: row.sizeBytes,
    page_count: row.pageCount,
    pages_without_text: row.pagesWithoutText,
    audience: row.audience,
    source: row.watchPath === null ? 'upload' : 'watch_folder',
    added_by: row.uploadedBy === null ? null : (names.get(row.uploadedBy) ?? null),
    created_at: new Date(row.createdAt).toISOString(),
    state: progress < 1 ? 'indexing' : 'ready',
    progress,
    can_remove: canRemove(row, person),
  }
}

function describeJob({ documentId, file, state, done, total, createdAt }: Job, names: Map<string, string>, person: Caller): UploadedDocument {
  return {
    document_id: documentId,
    title: file.fileName,
    file_name: file.fileName,
    format: null,
    lang: null,
    size_bytes: file.bytes.byteLength,
    page_count: null,
    pages_without_text: 0,
    audience: file.scope.audience,
    source: file.watched ? 'watch_folder' : 'upload',
    added_by: file.addedBy === null ? null : (names.get(file.addedBy) ?? null),
    created_at: createdAt,
    state,
    progress: total === 0 ? 0 : done / total,
    can_remove: canRemove({ uploadedBy: file.addedBy, watchPath: file.watched?.path ?? null }, person),
  }
}

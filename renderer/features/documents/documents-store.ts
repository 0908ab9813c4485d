import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Client } from '../../../shared/contract/client.js'
import { maximumDocumentBytes, type DocumentAudience, type DocumentState, type UploadedDocument, type WatchedFolder } from '../../../shared/contract/documents.js'
import { ContractError, type ErrorCode } from '../../../shared/contract/errors.js'

/** A file that this window is adding, or that could not be added. */
export interface Adding {
  key: number
  fileName: string
  sizeBytes: number
  /** Its document's id, once the device has given it one. */
  documentId: string | null
  state: DocumentState
  done: number
  total: number
  /** Why it was not taken in, or null while it is on its way. */
  failure: ErrorCode | null
}

export interface DocumentsState {
  status: 'idle' | 'loading' | 'ready' | 'failed'
  documents: readonly UploadedDocument[]
  watchedFolder: WatchedFolder
  adding: readonly Adding[]
  /** Documents that the next questions are asked over; none means all. */
  chosen: readonly string[]
}

/** What came of adding a file. */
export type AddOutcome = { type: 'added' | 'duplicate'; document: UploadedDocument } | { type: 'failed'; code: ErrorCode } | { type: 'cancelled' }

export interface DocumentsStore extends StoreApi<DocumentsState> {
  /** @throws ContractError */
  load(): Promise<void>
  /** Adds a file; what went wrong is in the store and in the outcome. */
  add(file: File, audience: DocumentAudience): Promise<AddOutcome>
  /** Stops a file on its way. */
  cancel(key: number): void
  /** Takes a file that could not be added out of the list. */
  dismiss(key: number): void
  /** @throws ContractError */
  remove(documentId: string): Promise<void>
  /** @throws ContractError */
  setAudience(documentId: string, audience: DocumentAudience): Promise<void>
  choose(documentIds: readonly string[]): void
  /** Stops listening; what the device is taking in goes on. */
  close(): void
}

/** The documents that people added, as this window knows them. */
export function createDocumentsStore(client: Pick<Client, 'documents'>): DocumentsStore {
  const store = createStore<DocumentsState>(() => ({ status: 'idle', documents: [], watchedFolder: { state: 'off', problems: [] }, adding: [], chosen: [] }))
  const controllers = new Map<number, AbortController>()
  let nextKey = 1
  let loads = 0

  const change = (key: number, patch: Partial<Adding>): void =>
    store.setState(({ adding }) => ({ adding: adding.map((one) => (one.key === key ? { ...one, ...patch } : one)) }))
  const drop = (key: number): void => store.setState(({ adding }) => ({ adding: adding.filter((one) => one.key !== key) }))
  const keep = (document: UploadedDocument): void =>
    store.setState(({ documents }) => ({ documents: [document, ...documents.filter((one) => one.document_id !== document.document_id)] }))

  const load = async (): Promise<void> => {
    const mine = ++loads
    if (store.getState().status === 'idle') store.setState({ status: 'loading' })
    try {
      const { documents, watched_folder: watchedFolder } = await client.documents.list({})
      // A later look knows more.
      if (mine !== loads) return
      const there = new Set(documents.map((document) => document.document_id))
      store.setState(({ chosen }) => ({ status: 'ready', documents, watchedFolder, chosen: chosen.every((id) => there.has(id)) ? chosen : chosen.filter((id) => there.has(id)) }))
    } catch (error) {
      if (store.getState().status !== 'ready') store.setState({ status: 'failed' })
      throw error
    }
  }

  const send = async (key: number, file: File, audience: DocumentAudience): Promise<AddOutcome> => {
    const controller = new AbortController()
    controllers.set(key, controller)
    try {
      // What is too large does not have to travel to be refused.
      if (file.size > maximumDocumentBytes) throw new ContractError('document_too_large')
      const content = new Uint8Array(await file.arrayBuffer())
      const { document, duplicate } = await client.documents.upload(
        { file_name: file.name, content, audience },
        { signal: controller.signal, onEvent: ({ document_id, state, done, total }) => change(key, { documentId: document_id, state, done, total }) },
      )
      drop(key)
      keep(document)
      return { type: duplicate ? 'duplicate' : 'added', document }
    } catch (error) {
      if (error instanceof ContractError && error.code === 'cancelled') {
        drop(key)
        return { type: 'cancelled' }
      }
      // A file that was moved or is locked fails in the browser, with an error of its own.
      const code = error instanceof ContractError ? error.code : 'document_unreadable'
      change(key, { failure: code })
      return { type: 'failed', code }
    } finally {
      controllers.delete(key)
    }
  }

  return {
    ...store,
    load,
    add: (file, audience) => {
      const key = nextKey++
      store.setState(({ adding }) => ({ adding: [...adding, { key, fileName: file.name, sizeBytes: file.size, documentId: null, state: 'waiting', done: 0, total: 0, failure: null }] }))
      return send(key, file, audience)
    },
    cancel: (key) => controllers.get(key)?.abort(),
    dismiss: drop,
    remove: async (documentId) => {
      await client.documents.remove({ document_id: documentId })
      store.setState(({ documents, chosen }) => ({ documents: documents.filter((one) => one.document_id !== documentId), chosen: chosen.filter((id) => id !== documentId) }))
    },
    setAudience: async (documentId, audience) => {
      const changed = await client.documents.setAudience({ document_id: documentId, audience })
      store.setState(({ documents }) => ({ documents: documents.map((one) => (one.document_id === documentId ? changed : one)) }))
    },
    choose: (chosen) => store.setState({ chosen }),
    close: () => loads++,
  }
}

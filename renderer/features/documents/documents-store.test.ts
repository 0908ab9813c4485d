import { describe, expect, it } from 'vitest'
import type { Client } from '../../../shared/contract/client.js'
import { maximumDocumentBytes, type UploadedDocument } from '../../../shared/contract/documents.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { createDocumentsStore, type DocumentsStore } from './documents-store.js'

const document = (id: string, patch: Partial<UploadedDocument> = {}): UploadedDocument => ({
  document_id: id, title: `Title ${id}`, file_name: `${id}.txt`, format: 'txt', lang: 'en', size_bytes: 4, page_count: null, pages_without_text: 0, audience: 'ward', source: 'upload',
  added_by: 'Nurse', created_at: '2026-11-21T08:00:00.000Z', state: 'ready', progress: 1, can_remove: true, ...patch,
})
type Upload = Client['documents']['upload']

/** A device whose list is `listed` and whose uploads go as `upload` says. */
function makeStore(options: { listed?: UploadedDocument[]; upload?: Upload } = {}): { store: DocumentsStore; listed: UploadedDocument[] } {
  const listed = options.listed ?? []
  const client = {
    documents: {
      list: async () => ({ documents: [...listed], watched_folder: { state: 'off', problems: [] } }),
      upload: options.upload ?? (async ({ file_name }) => ({ document: document(file_name), duplicate: false })),
      remove: async ({ document_id }) => ({ document_id }),
      setAudience: async ({ document_id, audience }) => document(document_id, { audience }),
    },
  } satisfies Pick<Client, 'documents'>
  return { store: createDocumentsStore(client), listed }
}
const file = (name: string, size = 4): File => {
  const made = new File(['text'], name)
  return size === 4 ? made : Object.defineProperty(made, 'size', { value: size })
}

describe('the documents of the window', () => {
  it('shows a file on its way with its state, and then the document in its place', async () => {
    const seen: string[] = []
    const { store } = makeStore({
      upload: async ({ content }, options) => {
        expect(new TextDecoder().decode(content as Uint8Array)).toBe('text')
        for (const state of ['waiting', 'parsing', 'storing', 'indexing'] as const) options?.onEvent?.({ document_id: 'id-1', state, done: 1, total: 2 })
        return { document: document('id-1'), duplicate: false }
      },
    })
    store.subscribe(({ adding }) => void (adding[0] && seen.push(`${adding[0].documentId} ${adding[0].state}`)))
    expect(await store.add(file('a.txt'), 'ward')).toMatchObject({ type: 'added' })
    expect(seen).toEqual(['null waiting', 'id-1 waiting', 'id-1 parsing', 'id-1 storing', 'id-1 indexing'])
    expect(store.getState()).toMatchObject({ adding: [], documents: [{ document_id: 'id-1' }] })
  })

  it('keeps the reason of a failure until it is dismissed, and never sends what is too large', async () => {
    let sent = 0
    const { store } = makeStore({
      upload: async () => {
        sent++
        throw new ContractError('document_encrypted')
      },
    })
    expect(await store.add(file('locked.pdf'), 'ward')).toEqual({ type: 'failed', code: 'document_encrypted' })
    expect(await store.add(file('large.pdf', maximumDocumentBytes + 1), 'ward')).toEqual({ type: 'failed', code: 'document_too_large' })
    expect(sent).toBe(1)
    expect(store.getState().adding.map(({ failure }) => failure)).toEqual(['document_encrypted', 'document_too_large'])
    for (const { key } of store.getState().adding) store.dismiss(key)
    expect(store.getState().adding).toEqual([])
  })

  it('stops a file and forgets it', async () => {
    const { store } = makeStore({
      upload: (_input, options) => new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(new ContractError('cancelled')))),
    })
    const adding = store.add(file('a.txt'), 'owner')
    // The signal is heard once the bytes are read.
    await new Promise((resolve) => setTimeout(resolve, 0))
    store.cancel(store.getState().adding[0]?.key ?? 0)
    expect(await adding).toEqual({ type: 'cancelled' })
    expect(store.getState().adding).toEqual([])
  })

  it('gives a duplicate as what was there', async () => {
    const { store } = makeStore({ listed: [document('there')], upload: async () => ({ document: document('there'), duplicate: true }) })
    await store.load()
    expect(await store.add(file('again.txt'), 'ward')).toMatchObject({ type: 'duplicate', document: { document_id: 'there' } })
    expect(store.getState().documents).toHaveLength(1)
  })

  it('leaves out of the chosen ones what is gone', async () => {
    const { store, listed } = makeStore({ listed: [document('one'), document('two'), document('three')] })
    await store.load()
    store.choose(['one', 'two', 'three'])
    await store.remove('one')
    expect(store.getState()).toMatchObject({ chosen: ['two', 'three'], documents: [{ document_id: 'two' }, { document_id: 'three' }] })
    listed.splice(0, 2)
    await store.load()
    expect(store.getState().chosen).toEqual(['three'])
  })

  it('says when the list cannot be loaded', async () => {
    const store = createDocumentsStore({ documents: { list: async () => Promise.reject(new ContractError('backend_lost')) } } as unknown as Pick<Client, 'documents'>)
    await expect(store.load()).rejects.toMatchObject({ code: 'backend_lost' })
    expect(store.getState().status).toBe('failed')
  })
})

import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../shared/contract/accounts.js'
import type { Client } from '../../../shared/contract/client.js'
import type { DocumentEvent, UploadedDocument } from '../../../shared/contract/documents.js'
import { maximumDocumentBytes } from '../../../shared/contract/documents.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { createLogger } from '../logging/logger.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { lines, makeBook, makePdf, makeScan } from './testing/make-pdf.js'

const password = 'a fine long password'
let backend: TestBackend
let server: TestServer
let administrator: Client
let nurse: Client
let otherNurse: Client
let patient: Client
let nurseSession: Session
const logged: string[] = []

beforeAll(async () => {
  backend = await startTestBackend({ model: false, logger: createLogger('trace', { write: (line) => void logged.push(line) }) })
  server = await startTestServer(backend)
  const setup_code = fs.readFileSync(path.join(backend.dataFolder, 'administrator-setup-code'), 'utf8')
  await backend.client().accounts.setUpAdministrator({ full_name: 'Dr Esther Mbappe', phone_number: '+237650000300', password, setup_code })
  const signIn = (phone_number: string): Promise<Session> => backend.client().accounts.signIn({ phone_number, password })
  administrator = backend.client(await signIn('+237650000300'))
  for (const [phone_number, full_name] of [['+237650000301', 'Nurse One'], ['+237650000302', 'Nurse Two']] as const) {
    await administrator.accounts.createStaff({ full_name, phone_number, password, role: 'nurse' })
  }
  nurseSession = await signIn('+237650000301')
  nurse = backend.client(nurseSession)
  otherNurse = backend.client(await signIn('+237650000302'))
  patient = (await backend.patient('+237650000303')).client
})
afterAll(async () => {
  await server.close()
  await backend.remove()
})

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const add = async (client: Client, content: Uint8Array | string, file_name: string, audience: UploadedDocument['audience'] = 'ward'): Promise<UploadedDocument> =>
  (await client.documents.upload({ file_name, content: typeof content === 'string' ? bytes(content) : content, audience })).document
const code = (call: Promise<unknown>): Promise<string> => call.then(() => 'nothing was refused', (error: unknown) => (error instanceof ContractError ? error.code : String(error)))
const count = async (table: string): Promise<number> => (await backend.database.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]?.count ?? 0
const found = async (client: Client, query: string): Promise<string[]> => (await client.knowledge.search({ query, strategy: 'keyword' })).results.map((result) => result.document_id).filter(isUpload)
/** Articles have names for ids. */
const isUpload = (documentId: string): boolean => /^[0-9a-f-]{36}$/.test(documentId)
const listed = async (client: Client): Promise<string[]> => (await client.documents.list({})).documents.map((document) => document.document_id)

describe('adding a document', () => {
  it('makes it be found and opened at its page, and tells each step', async () => {
    const events: DocumentEvent[] = []
    const content = await makeBook(12, (page) => [`The cupboard of room ${page} holds the ${page === 7 ? 'quinquina decoction' : 'ordinary linen'} of the ward.`, 'Every item is counted in the evening by the nurse on duty.'])
    const { document, duplicate } = await nurse.documents.upload({ file_name: 'C:\\Users\\x\\cupboards.pdf', content }, { onEvent: (event) => events.push(event) })
    expect(duplicate).toBe(false)
    expect(document).toMatchObject({ title: 'cupboards', file_name: 'cupboards.pdf', format: 'pdf', lang: 'en', page_count: 12, audience: 'ward', source: 'upload', added_by: 'Nurse One', state: 'ready', progress: 1, can_remove: true })
    expect([...new Set(events.map((event) => event.state))]).toEqual(['waiting', 'parsing', 'storing', 'indexing', 'ready'])
    expect(events.filter((event) => event.state === 'parsing').at(-1)).toMatchObject({ done: 12, total: 12 })

    const [result] = (await otherNurse.knowledge.search({ query: 'where is the quinquina decoction' })).results
    expect(result).toMatchObject({ document_id: document.document_id, page: 7, title: 'cupboards' })
    const opened = await otherNurse.knowledge.open({ document_id: document.document_id, lang: 'fr', at: result?.start })
    expect(opened).toMatchObject({ kind: 'upload', page_count: 12, text_start: 0, lang: 'en' })
    expect(opened.text.slice((result?.start ?? 0) - opened.text_start, (result?.end ?? 0) - opened.text_start)).toBe(result?.passage)
    expect(opened.pages).toHaveLength(12)
  })

  it('gives of a long document what stands around a passage', async () => {
    const document = await add(nurse, Array.from({ length: 3000 }, (_, at) => `Paragraph ${at} about the supplies of the ward and of the store.`).join('\n\n'), 'long.txt')
    const whole = await nurse.knowledge.open({ document_id: document.document_id, lang: 'en' })
    const at = whole.text.indexOf('Paragraph 1500 ')
    const part = await nurse.knowledge.open({ document_id: document.document_id, lang: 'en', at })
    expect(part.text.length).toBeLessThan(30_000)
    expect(part.text_length).toBe(whole.text.length)
    expect(whole.text.slice(part.text_start, part.text_start + part.text.length)).toBe(part.text)
    expect(part.text).toContain('Paragraph 1500 ')
    expect(part.text).toMatch(/^Paragraph \d+ .*[.]$/s)
  })

  it('takes every kind that it says', async () => {
    for (const [name, text] of [['a.txt', 'The text says zanzibarite.'], ['b.md', '# Title\n\nThe notes say yttriumite.'], ['c.html', '<html><body><p>The page says xenotimite.</p></body></html>'], ['d.csv', 'name,value\nwavellite,3']] as const) {
      const document = await add(nurse, text, name)
      const word = /zanzibarite|yttriumite|xenotimite|wavellite/.exec(text)?.[0] ?? ''
      expect(await found(nurse, word), name).toEqual([document.document_id])
    }
  })

  it('twice gives the one that is there, also when both come at once', async () => {
    const text = 'The same text comes twice and is called galanthus.'
    const first = await add(nurse, text, 'first.txt')
    const again = await otherNurse.documents.upload({ file_name: 'second.txt', content: bytes(text) })
    expect(again).toMatchObject({ duplicate: true, document: { document_id: first.document_id, file_name: 'first.txt' } })
    const both = await Promise.all([nurse, otherNurse].map((client) => client.documents.upload({ file_name: 'both.txt', content: bytes('Two bring this narcissus at once.') })))
    expect(both.map(({ duplicate }) => duplicate).sort()).toEqual([false, true])
    expect(both[0]?.document.document_id).toBe(both[1]?.document.document_id)
    const different = await Promise.all(['one', 'two', 'three'].map((name) => add(nurse, `Document ${name} comes with the others.`, `${name}.txt`)))
    expect(new Set(different.map(({ document_id }) => document_id)).size).toBe(3)
    // What is one person's own is another document, and says nothing of somebody else's.
    const own = await otherNurse.documents.upload({ file_name: 'own.txt', content: bytes(text), audience: 'owner' })
    expect(own.duplicate).toBe(false)
    expect((await nurse.documents.upload({ file_name: 'own.txt', content: bytes(text), audience: 'owner' })).duplicate).toBe(false)
  })

  it('that cannot be read leaves nothing', async () => {
    const before = [await count('documents'), await count('passages'), await count('uploaded_documents')]
    expect(await code(add(nurse, await makeScan(2), 'scan.pdf'))).toBe('document_without_text')
    expect(await code(add(nurse, '%PDF-1.5 broken', 'broken.pdf'))).toBe('document_unreadable')
    expect(await code(add(nurse, new Uint8Array(), 'empty.pdf'))).toBe('document_empty')
    expect(await code(add(nurse, new Uint8Array(maximumDocumentBytes + 1), 'large.txt'))).toBe('document_too_large')
    expect(await code(nurse.documents.upload({ file_name: '', content: bytes('x') }))).toBe('validation_failed')
    expect(await code(nurse.documents.upload({ file_name: 'x', content: 'no bytes' as unknown as Uint8Array<ArrayBuffer> }))).toBe('validation_failed')
    expect([await count('documents'), await count('passages'), await count('uploaded_documents')]).toEqual(before)
    expect((await nurse.documents.list({})).documents.every(({ state }) => state === 'ready')).toBe(true)
  })

  it('that is stopped leaves nothing, at whichever step', async () => {
    const before = [await count('documents'), await count('passages'), await count('uploaded_documents')]
    for (const [at, state] of (['waiting', 'parsing', 'storing', 'indexing'] as const).entries()) {
      const controller = new AbortController()
      const content = await makeBook(40, (page) => [`Stopped ${state} page ${page} names the hippeastrum of number ${at}.`])
      const uploading = nurse.documents.upload({ file_name: `${state}.pdf`, content }, { signal: controller.signal, onEvent: (event) => event.state === state && controller.abort() })
      expect(await code(uploading), state).toBe('cancelled')
      expect([await count('documents'), await count('passages'), await count('uploaded_documents')], state).toEqual(before)
    }
    expect(await found(nurse, 'hippeastrum')).toEqual([])
  })

  it('can be stopped by removing it while it is on its way, by who may', async () => {
    const content = await makeBook(200, (page) => [`Removed page ${page} names the alstroemeria.`])
    let removed: Promise<unknown> | undefined
    let refused: Promise<string> | undefined
    const uploading = nurse.documents.upload(
      { file_name: 'removed.pdf', content },
      {
        onEvent: ({ state, document_id }) => {
          if (state !== 'parsing' || removed) return
          refused = code(otherNurse.documents.remove({ document_id }))
          removed = nurse.documents.remove({ document_id })
        },
      },
    )
    expect(await code(uploading)).toBe('cancelled')
    await removed
    expect(await refused).toBe('forbidden')
    expect(await found(nurse, 'alstroemeria')).toEqual([])
  })

  it('is for the staff, and what is public for administrators to say', async () => {
    const guest = backend.client(await backend.client().accounts.continueAsGuest({}))
    for (const client of [patient, guest]) {
      expect(await code(add(client, 'text', 'x.txt'))).toBe('forbidden')
      expect(await code(client.documents.list({}))).toBe('forbidden')
    }
    expect(await code(add(nurse, 'Public text of a nurse.', 'x.txt', 'public'))).toBe('forbidden')
    expect((await add(administrator, 'Everybody may read of the hyacinthella.', 'public.txt', 'public')).audience).toBe('public')
    expect(await found(patient, 'hyacinthella')).toHaveLength(1)
  })
})

describe('who reads a document', () => {
  it('of one person is nobody else, in search, cache, list, opening, answers and removal', async () => {
    const own = await add(nurse, 'My own notes speak of the fritillaria in the garden.', 'notes.txt', 'owner')
    expect(await found(nurse, 'fritillaria')).toEqual([own.document_id])
    for (const client of [otherNurse, administrator, patient]) {
      expect(await found(client, 'fritillaria')).toEqual([])
      expect(await code(client.knowledge.open({ document_id: own.document_id, lang: 'en' }))).toBe('not_found')
      expect((await client.knowledge.list({})).documents.map(({ document_id }) => document_id)).not.toContain(own.document_id)
      expect((await client.rag.query({ query: 'What is said of the fritillaria?', document_ids: [own.document_id] })).sources).toEqual([])
    }
    for (const client of [otherNurse, administrator]) {
      expect(await listed(client)).not.toContain(own.document_id)
      expect(await code(client.documents.remove({ document_id: own.document_id }))).toBe('not_found')
    }
    expect(await code(administrator.documents.setAudience({ document_id: own.document_id, audience: 'public' }))).toBe('not_found')
    expect(await listed(nurse)).toContain(own.document_id)
  })

  it('of the ward are no patients until an administrator publishes it, and again when it is taken back', async () => {
    const { document_id } = await add(nurse, 'The ward protocol speaks of the sternbergia lutea.', 'protocol.txt')
    expect(await found(patient, 'sternbergia')).toEqual([])
    expect(await code(patient.knowledge.open({ document_id, lang: 'en' }))).toBe('not_found')
    expect(await code(nurse.documents.setAudience({ document_id, audience: 'public' }))).toBe('forbidden')
    expect((await administrator.documents.setAudience({ document_id, audience: 'public' })).audience).toBe('public')
    expect(await found(patient, 'sternbergia')).toEqual([document_id])
    await administrator.documents.setAudience({ document_id, audience: 'ward' })
    expect(await found(patient, 'sternbergia')).toEqual([])
    const again = await add(administrator, 'The ward protocol speaks of the sternbergia lutea.', 'protocol.txt', 'public')
    expect(await code(administrator.documents.setAudience({ document_id, audience: 'public' }))).toBe('document_exists')
    expect(again.document_id).not.toBe(document_id)
    await administrator.documents.setAudience({ document_id, audience: 'owner' })
    expect(await found(otherNurse, 'sternbergia')).toEqual([again.document_id])
    expect(await listed(otherNurse)).not.toContain(document_id)
  })
})

describe('removing a document', () => {
  it('takes it out of the index and the database, for those who may', async () => {
    const document = await add(nurse, Array.from({ length: 60 }, (_, at) => `Line ${at} of the removed text names the muscari.`).join('\n\n'), 'gone.txt')
    expect(await code(otherNurse.documents.remove({ document_id: document.document_id }))).toBe('forbidden')
    expect(await found(nurse, 'muscari')).toContain(document.document_id)
    await nurse.documents.remove({ document_id: document.document_id })
    expect(await found(nurse, 'muscari')).toEqual([])
    expect(await code(nurse.knowledge.open({ document_id: document.document_id, lang: 'en' }))).toBe('not_found')
    for (const table of ['documents', 'passages', 'uploaded_documents']) {
      expect(await backend.database.query(`select 1 from ${table} where document_id = $1`, [document.document_id]), table).toEqual([])
    }
    expect(await code(nurse.documents.remove({ document_id: document.document_id }))).toBe('not_found')
    expect(await code(administrator.documents.remove({ document_id: (await add(nurse, 'An administrator may remove it.', 'other.txt')).document_id }))).toBe('nothing was refused')
  })
})

describe('asking over documents', () => {
  it('answers from all or from chosen ones, with sources, and keeps question and answer in a conversation of its own', async () => {
    const [one, two] = [await add(nurse, 'The rota of ward one: the camassia team begins at six.', 'one.txt'), await add(nurse, 'The rota of ward two: the camassia team begins at nine.', 'two.txt')]
    const all = await nurse.rag.query({ query: 'When does the camassia team begin?' })
    expect(new Set(all.sources.map((source) => source.document_id).filter(isUpload))).toEqual(new Set([one.document_id, two.document_id]))
    const chosen = await nurse.rag.query({ query: 'When does the camassia team begin?', document_ids: [two.document_id] })
    expect(chosen.sources.map((source) => source.document_id)).toEqual([two.document_id])
    expect(chosen.answer).toContain('nine')
    expect(chosen.answer).not.toContain('at six')
    const { conversations } = await nurse.conversations.list({ conversation_type: 'rag_query' })
    expect(conversations.map((conversation) => conversation.conversation_id)).toContain(chosen.conversation_id)
    const more = await nurse.rag.conversationQuery({ conversation_id: chosen.conversation_id, query: 'And the camassia team of ward one?', document_ids: [one.document_id], include_sources: false })
    expect(more).toMatchObject({ conversation_id: chosen.conversation_id, sources: [], state: 'complete' })
    expect(more.answer).toContain('six')
    const history = await nurse.conversations.history({ conversation_id: chosen.conversation_id })
    expect(history.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
    expect(history.messages.at(-1)?.message_metadata.search_results).toHaveLength(1)
    expect(await code(otherNurse.rag.conversationQuery({ conversation_id: chosen.conversation_id, query: 'x' }))).toBe('forbidden')
  })

  it('of one long document gives as many of its passages as were asked for', async () => {
    const document = await add(nurse, Array.from({ length: 40 }, (_, at) => `## Part ${at}\n\nThe ornithogalum of part ${at} is watered with ${at} litres of clean water each day by the people of the ward.`).join('\n\n'), 'parts.md')
    const { sources } = await nurse.rag.query({ query: 'ornithogalum water', top_k: 10, document_ids: [document.document_id] })
    expect(sources).toHaveLength(10)
  })
})

describe('over HTTP', () => {
  const post = async (form: FormData, token: string | null, accept = 'application/json', address = '/rag/upload'): Promise<{ status: number; text: string; json: Record<string, unknown> }> => {
    const response = await fetch(`${server.url}${address}`, { method: 'POST', body: form, headers: { Accept: accept, ...(token === null ? {} : { Authorization: `Bearer ${token}` }) } })
    const text = await response.text()
    return { status: response.status, text, json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
  }
  const form = (content: BlobPart, name: string, fields: Record<string, string> = {}): FormData => {
    const data = new FormData()
    for (const [key, value] of Object.entries(fields)) data.append(key, value)
    data.append('content', new Blob([content]), name)
    return data
  }

  it('a form brings the file, with events where they are asked for', async () => {
    const token = nurseSession.access_token
    const pdf = Buffer.from(await makePdf([lines(['The posted page speaks of the leucojum and of nothing else.'])]))
    const answer = await post(form(pdf, 'posted.pdf', { audience: 'owner' }), token)
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ duplicate: false, document: { file_name: 'posted.pdf', audience: 'owner', page_count: 1 } })
    const streamed = await post(form('The streamed text speaks of the chionodoxa.', 'streamed.txt'), token, 'text/event-stream', '/rpc/documents.upload')
    expect(streamed.text).toContain('event: event\ndata: {"document_id"')
    expect(streamed.text).toMatch(/event: result\ndata: .*"file_name":"streamed.txt"/)
    const list = await server.request('/rag/documents', { token })
    expect(list.status).toBe(200)
    const removed = await server.request(`/rag/documents/${(answer.json['document'] as { document_id: string }).document_id}`, { method: 'DELETE', token })
    expect(removed.status).toBe(200)
    const asked = await server.request('/rag/query', { token, body: { query: 'What is said of the chionodoxa?', strategy: 'rrf_fusion', top_k: 10, include_sources: true } })
    expect(asked.json).toMatchObject({ answer: expect.stringContaining('chionodoxa'), sources: expect.arrayContaining([expect.objectContaining({ title: 'streamed' })]) })
    const more = await server.request(`/rag/conversation/${String(asked.json['conversation_id'])}/query`, { token, body: { query: 'And of the chionodoxa otherwise?' } })
    expect(more.status).toBe(200)
  })

  it('a form without a token, too large, broken or for another method is refused', async () => {
    const token = nurseSession.access_token
    expect((await post(form('text', 'x.txt'), null)).status).toBe(401)
    const large = await post(form(new Uint8Array(maximumDocumentBytes + 10), 'large.txt'), token)
    expect(large.json).toMatchObject({ status_code: 413, code: 'document_too_large' })
    expect((await post(form('text', 'x.txt'), token, 'application/json', '/rpc/chat.send')).json).toMatchObject({ code: 'malformed_request' })
    const broken = await server.request('/rag/upload', { token, body: 'not a form', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } })
    expect(broken.status).toBe(400)
    expect((await server.request('/rag/upload', { token, body: { file_name: 'x', content: [1, 2] } })).status).toBe(400)
    const twice = form('one', 'one.txt')
    twice.append('content', new Blob(['two']), 'two.txt')
    expect((await post(twice, token)).status).toBe(400)
  })
})

it('no log holds a text, a name of a file or a word of a question', () => {
  for (const secret of ['quinquina', 'cupboards', 'fritillaria', 'camassia', 'scan.pdf', 'posted.pdf']) expect(logged.join('')).not.toContain(secret)
})

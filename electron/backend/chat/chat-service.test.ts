import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../../shared/contract/chat.js'
import type { Client } from '../../../shared/contract/client.js'
import { FakeProviderServer } from '../providers/fake/fake-provider-server.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'

let fake: FakeProviderServer
let backend: TestBackend
let client: Client

const question = 'My son has had a fever since yesterday, can it be malaria?'

/** Sends and collects what the window would see. */
async function ask(input: Parameters<Client['chat']['send']>[0], from: Client = client): Promise<{ events: ChatEvent[]; response: Awaited<ReturnType<Client['chat']['send']>> }> {
  const events: ChatEvent[] = []
  const response = await from.chat.send(input, { onEvent: (event) => events.push(event) })
  return { events, response }
}
const typesOf = (events: readonly ChatEvent[]): string[] => events.map((event) => event.type).filter((type, index, all) => type !== 'delta' || all[index - 1] !== 'delta')
const historyOf = (conversationId: string, from: Client = client) => from.conversations.history({ conversation_id: conversationId })

beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 1, retryAfter: '0' })
  backend = await startTestBackend({ environment: { ...fake.environment, GROQ_API_KEY: 'test-key', GEMINI_API_KEY: 'test-key' } })
  await backend.knowledge.ready()
  client = (await backend.patient('+237650000001')).client
})
afterAll(async () => {
  await backend.remove()
  await fake.close()
})
beforeEach(() => {
  fake.setMode('normal')
  fake.requests.length = 0
})

describe('a question answered by a provider', () => {
  it('is stored, searched, streamed, cited and kept, in this order', async () => {
    const { events, response } = await ask({ message: question })
    expect(typesOf(events)).toEqual(['accepted', 'triage', 'sources', 'started', 'delta', 'final'])
    const streamed = events.flatMap((event) => (event.type === 'delta' ? [event.text] : [])).join('')
    expect(response.assistant_message).toMatchObject({ role: 'assistant', state: 'complete', content: streamed })
    expect(response.assistant_message.parent_id).toBe(response.user_message.message_id)
    const metadata = response.assistant_message.message_metadata
    expect(metadata).toMatchObject({ answered_by: 'provider', provider: 'groq', strategy: 'rrf_fusion', language: 'en', cache: expect.stringMatching(/hit|miss/) as unknown })
    expect(metadata.processing_time_ms).toBeGreaterThan(0)
    expect(metadata.search_results?.length).toBeGreaterThan(0)
    for (const source of metadata.search_results ?? []) {
      const document = await client.knowledge.open({ document_id: source.document_id, lang: source.lang })
      expect(document.text.slice(source.start, source.end)).toBe(source.passage)
    }
    const history = await historyOf(response.conversation_id)
    expect(history.messages).toEqual([response.user_message, response.assistant_message])
    expect(history.title).toBe('My son has had a fever since yesterday, can it…')
  })

  it('gives the model numbered passages as data, the last five messages and the language of the question', async () => {
    const first = await ask({ message: 'Bonjour, je suis enceinte de 20 semaines et allergique à la pénicilline.', language: 'fr' })
    const conversation_id = first.response.conversation_id
    for (const message of ['Puis-je voyager ?', 'Que manger le matin ?', 'Comment éviter le paludisme pendant la grossesse ?']) await ask({ message, conversation_id, language: 'fr' })
    const prompt = fake.requests.at(-1)?.messages ?? []
    expect(prompt[0]?.role).toBe('system')
    expect(prompt[0]?.content).toMatch(/Passages des documents de l'hôpital/)
    expect(prompt[0]?.content).toMatch(/\n\[1\] /)
    // Older than the last five: in the summary, with the allergy.
    expect(prompt[0]?.content).toMatch(/allergique à la pénicilline/)
    expect(prompt.slice(1).map((message) => message.role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'].slice(-(prompt.length - 1)))
    expect(prompt.at(-1)?.content).toBe('Comment éviter le paludisme pendant la grossesse ?')
  })

  it('asks the provider and model that the message names', async () => {
    const { response } = await ask({ message: question, provider: 'gemini', model: 'gemini-2.0-flash' })
    expect(fake.requests.at(-1)).toMatchObject({ provider: 'gemini', model: 'gemini-2.0-flash' })
    expect(response.assistant_message.model_used).toBe('gemini-2.0-flash')
  })

  it('searches nothing for small talk, nor when documents are switched off', async () => {
    expect((await ask({ message: 'Bonjour' })).response.assistant_message.message_metadata.search_results).toBeUndefined()
    expect((await ask({ message: question, use_rag: false })).response.assistant_message.message_metadata).toMatchObject({ cache: 'none' })
  })
})

describe('when a provider fails', () => {
  it('keeps what came before a cut as partial, and the next provider starts an answer of its own', async () => {
    fake.enqueue('cut', 'normal')
    const { events, response } = await ask({ message: question, provider: 'groq' })
    expect(typesOf(events)).toEqual(['accepted', 'triage', 'sources', 'started', 'delta', 'final', 'fallback', 'started', 'delta', 'final'])
    const { messages } = await historyOf(response.conversation_id)
    expect(messages.map((message) => message.state)).toEqual(['complete', 'partial', 'complete'])
    expect(messages[1]?.content).not.toBe('')
    expect(messages[1]?.message_metadata).toMatchObject({ provider: 'groq', failure: 'cut' })
    expect(messages[2]?.message_metadata.provider).toBe('gemini')
    expect(messages[1]?.parent_id).toBe(messages[2]?.parent_id)
  })
})

describe('emergencies', () => {
  it.each([
    ['en', 'My father cannot breathe and his lips are blue'],
    ['fr', 'Mon père n’arrive plus à respirer et ses lèvres sont bleues'],
  ] as const)('are answered by the rules, before and without any model (%s)', async (language, message) => {
    const { events, response } = await ask({ message, language })
    expect(fake.requests).toHaveLength(0)
    expect(typesOf(events).slice(0, 2)).toEqual(['accepted', 'triage'])
    const { triage, answered_by } = response.assistant_message.message_metadata
    expect(answered_by).toBe('triage')
    expect(triage?.level).toBe('emergency')
    expect(triage?.actions.length).toBeGreaterThan(0)
  })
})

describe('stop, regenerate, edit', () => {
  it('stops at once, keeps what was written and says stopped', async () => {
    fake.setMode('slow')
    const created = await client.conversations.create({})
    const events: ChatEvent[] = []
    const answering = client.chat.send({ message: question, conversation_id: created.conversation_id }, { onEvent: (event) => events.push(event) })
    while (!events.some((event) => event.type === 'sources')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await client.chat.stop({ conversation_id: created.conversation_id })).toEqual({ stopped: true })
    expect((await answering).assistant_message.state).toBe('stopped')
    expect(await client.chat.stop({ conversation_id: created.conversation_id })).toEqual({ stopped: false })
  })

  it('stops through the stream’s own signal too', async () => {
    const controller = new AbortController()
    const response = await client.chat.send(
      { message: question },
      { signal: controller.signal, onEvent: (event) => (event.type === 'delta' ? controller.abort() : undefined) },
    )
    expect(response.assistant_message.state).toBe('stopped')
    expect(response.assistant_message.content).not.toBe('')
  })

  it('regenerates: the new answer takes the old one’s place, which stays as a version', async () => {
    const { response } = await ask({ message: question })
    const again = await client.chat.regenerate({ message_id: response.assistant_message.message_id })
    const { messages } = await historyOf(response.conversation_id)
    expect(messages.map((message) => message.message_id)).toEqual([response.user_message.message_id, again.assistant_message.message_id])
    const { versions } = await client.conversations.versions({ message_id: again.assistant_message.message_id })
    expect(versions.map((message) => message.message_id)).toEqual([response.assistant_message.message_id, again.assistant_message.message_id])
  })

  it('edits: the question and all after it are replaced', async () => {
    const { response } = await ask({ message: question })
    await ask({ message: 'And what should he eat?', conversation_id: response.conversation_id })
    const edited = await client.chat.edit({ message_id: response.user_message.message_id, message: 'My daughter has had a fever since yesterday' })
    const { messages, message_count } = await historyOf(response.conversation_id)
    expect(messages.map((message) => message.content)[0]).toBe('My daughter has had a fever since yesterday')
    expect(messages).toHaveLength(2)
    expect(message_count).toBe(2)
    expect(edited.user_message.parent_id).toBeNull()
  })
})

describe('one answer at a time, once', () => {
  it('refuses a second question while an answer is being written, and loses nothing', async () => {
    const created = await client.conversations.create({})
    let accepted = (): void => undefined
    const isAccepted = new Promise<void>((resolve) => (accepted = resolve))
    const first = client.chat.send({ message: question, conversation_id: created.conversation_id }, { onEvent: (event) => (event.type === 'accepted' ? accepted() : undefined) })
    await isAccepted
    await expect(ask({ message: 'Another', conversation_id: created.conversation_id })).rejects.toMatchObject({ code: 'conversation_busy' })
    await first
    expect((await historyOf(created.conversation_id)).messages).toHaveLength(2)
  })

  it('stores a repeated client_message_id once and gives its first answer', async () => {
    const client_message_id = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
    const { response } = await ask({ message: question, client_message_id })
    const repeated = await ask({ message: question, client_message_id })
    expect(repeated.response).toEqual(response)
    expect((await historyOf(response.conversation_id)).messages).toHaveLength(2)
    const other = (await backend.patient('+237650000002')).client
    await expect(ask({ message: question, client_message_id }, other)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('refuses another person’s conversation and messages', async () => {
    const { response } = await ask({ message: question })
    const other = (await backend.patient('+237650000003')).client
    await expect(ask({ message: 'mine?', conversation_id: response.conversation_id }, other)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(other.chat.regenerate({ message_id: response.assistant_message.message_id })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(other.chat.edit({ message_id: response.user_message.message_id, message: 'x' })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await other.chat.stop({ conversation_id: response.conversation_id })).toEqual({ stopped: false })
  })
})

// Last: the failures open the providers' circuits, which stay open for half a minute.
describe('without a provider', () => {
  it('answers from the passages when no provider gives a word, and says so', async () => {
    fake.setMode('server-error')
    const { response } = await ask({ message: question })
    expect(response.assistant_message).toMatchObject({ state: 'complete', model_used: null })
    expect(response.assistant_message.message_metadata).toMatchObject({ answered_by: 'passages' })
    expect(response.assistant_message.content).toMatch(/without the assistant’s model/)
    expect(response.assistant_message.content).toMatch(/\[1\]/)
    const { messages } = await historyOf(response.conversation_id)
    expect(messages.map((message) => message.state)).toEqual(['complete', 'complete'])
  })
})

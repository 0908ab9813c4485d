import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../shared/contract/accounts.js'
import type { Client } from '../../../shared/contract/client.js'
import type { Conversation } from '../../../shared/contract/conversations.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'
import { ConversationsService, undoWindowMs } from './conversations-service.js'

// The clock stands still but for what a test adds: how busy the machine is changes nothing.
const startedAt = Date.now()
let advancedMs = 0
const now = (): Date => new Date(startedAt + advancedMs)
let backend: TestBackend
let lastNumber = 650_003_000
let session: Session
let client: Client
/** The service beside the backend's own, for what no method of the contract does. */
let service: ConversationsService

beforeAll(async () => {
  backend = await startTestBackend({ model: false, now })
  service = new ConversationsService({ database: backend.database, now, onHistoryChanged: async () => undefined })
  ;({ session, client } = await backend.patient(`+237${++lastNumber}`))
})
afterAll(() => backend.remove())

const codeOf = async (call: Promise<unknown>): Promise<string> => call.then(() => 'done', (error: unknown) => (error instanceof ContractError ? error.code : String(error)))
const newPatient = async (): Promise<Client> => (await backend.patient(`+237${++lastNumber}`)).client
const idsOf = (conversations: readonly Conversation[]): string[] => conversations.map((conversation) => conversation.conversation_id)

/** A conversation with `count` short messages, the questions and answers alternating. */
async function conversationOf(count: number, from: Client = client): Promise<string> {
  const { conversation_id } = await from.conversations.create({})
  await backend.database.query(
    `insert into chat_messages (message_id, conversation_id, sequence, role, content, state)
     select gen_random_uuid(), $1, n, case when n % 2 = 1 then 'user' else 'assistant' end, 'message ' || n, 'complete' from generate_series(1, $2::int) n`,
    [conversation_id, count],
  )
  await backend.database.query('update conversations set last_sequence = $2 where conversation_id = $1', [conversation_id, count])
  return conversation_id
}
const contents = (messages: readonly { content: string }[]): number[] => messages.map((message) => Number(message.content.split(' ')[1]))

describe('the list', () => {
  it('is newest first, filtered by type and favourite, with counts, and starts with what was last asked in', async () => {
    const mine = await newPatient()
    const first = await mine.conversations.create({ title: 'First', conversation_type: 'rag_query', metadata: { ward: 'B' } })
    const second = await mine.conversations.create({ title: 'Second' })
    expect(first).toMatchObject({ title: 'First', conversation_type: 'rag_query', status: 'active', is_favorite: false, metadata: { ward: 'B' }, message_count: 0 })
    expect(idsOf((await mine.conversations.list({})).conversations)).toEqual([second.conversation_id, first.conversation_id])
    expect(idsOf((await mine.conversations.list({ conversation_type: 'rag_query' })).conversations)).toEqual([first.conversation_id])
    await mine.conversations.setFavorite({ conversation_id: second.conversation_id, is_favorite: true })
    expect(idsOf((await mine.conversations.list({ favorites_only: true })).conversations)).toEqual([second.conversation_id])
    await mine.chat.send({ message: 'Bonjour', conversation_id: first.conversation_id })
    const { conversations } = await mine.conversations.list({})
    expect(conversations.map(({ title, message_count }) => [title, message_count])).toEqual([['First', 2], ['Second', 0]])
  })

  it('gives every conversation once over its pages, also when their times are equal', async () => {
    const mine = await newPatient()
    const ids = new Set<string>()
    for (let count = 0; count < 23; count++) ids.add((await mine.conversations.create({})).conversation_id)
    await backend.database.query(`update conversations set updated_at = '2026-01-02T03:04:05.678Z' where conversation_id = any($1::uuid[])`, [[...ids].slice(0, 15)])
    const seen: string[] = []
    let cursor: string | undefined
    for (let page = 0; page < 5; page++) {
      const answer = await mine.conversations.list({ limit: 5, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...idsOf(answer.conversations))
      cursor = answer.next_cursor ?? undefined
      expect(answer.conversations).toHaveLength(page < 4 ? 5 : 3)
    }
    expect(cursor).toBeUndefined()
    expect(seen).toHaveLength(23)
    expect(new Set(seen)).toEqual(ids)
    expect((await mine.conversations.list({ limit: 23 })).next_cursor).toBeNull()
  })

  it('takes a limit from 1 to 200', async () => {
    for (const limit of [0, -1, 201, 1.5]) expect(await codeOf(client.conversations.list({ limit }))).toBe('validation_failed')
    expect((await client.conversations.list({ limit: 1 })).conversations.length).toBeLessThanOrEqual(1)
  })
})

describe('the history', () => {
  it('pages by offset from the first message and by sequence from the last', async () => {
    const conversation_id = await conversationOf(12)
    const page = async (input: object) => {
      const { messages, has_earlier } = await client.conversations.history({ conversation_id, ...input })
      return [contents(messages), has_earlier]
    }
    expect(await page({})).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], false])
    expect(await page({ limit: 5 })).toEqual([[8, 9, 10, 11, 12], true])
    expect(await page({ limit: 5, before: 8 })).toEqual([[3, 4, 5, 6, 7], true])
    expect(await page({ limit: 5, before: 3 })).toEqual([[1, 2], false])
    expect(await page({ limit: 2, before: 3 })).toEqual([[1, 2], false])
    expect(await page({ before: 1 })).toEqual([[], false])
    expect(await page({ skip: 0, limit: 3 })).toEqual([[1, 2, 3], false])
    expect(await page({ skip: 10, limit: 5 })).toEqual([[11, 12], true])
    expect(await page({ skip: 12 })).toEqual([[], true])
    expect((await client.conversations.history({ conversation_id, limit: 1 })).message_count).toBe(12)
  })
})

describe('names, favourites and metadata', () => {
  it('change alone, and leave the order of the list', async () => {
    const mine = await newPatient()
    const { conversation_id, updated_at } = await mine.conversations.create({})
    await mine.conversations.create({})
    expect(await mine.conversations.rename({ conversation_id, title: '  A better title ' })).toMatchObject({ title: 'A better title', is_favorite: false, updated_at })
    expect(await mine.conversations.setFavorite({ conversation_id, is_favorite: true })).toMatchObject({ title: 'A better title', is_favorite: true, updated_at })
    expect(await mine.conversations.setFavorite({ conversation_id, is_favorite: false })).toMatchObject({ is_favorite: false })
    expect(idsOf((await mine.conversations.list({})).conversations)[1]).toBe(conversation_id)
    for (const title of ['', '   ', 'x'.repeat(201)]) expect(await codeOf(mine.conversations.rename({ conversation_id, title }))).toBe('validation_failed')
    // A title that a person gave is not replaced by the first question.
    await mine.chat.send({ message: 'Bonjour', conversation_id })
    expect((await mine.conversations.history({ conversation_id })).title).toBe('A better title')
  })

  it('merge metadata by key; null removes a key, and only a key', async () => {
    const { conversation_id } = await client.conversations.create({ metadata: { ward: 'B', bed: 4, gone: true } })
    const set = async (metadata: Record<string, never>) => (await client.conversations.setMetadata({ conversation_id, metadata })).metadata
    expect(await set({ bed: 5, gone: null, nested: { empty: null, list: [null, 1] } } as unknown as Record<string, never>)).toEqual({ ward: 'B', bed: 5, nested: { empty: null, list: [null, 1] } })
    expect(await set({})).toEqual({ ward: 'B', bed: 5, nested: { empty: null, list: [null, 1] } })
    expect(await set({ nested: null, absent: null } as unknown as Record<string, never>)).toEqual({ ward: 'B', bed: 5 })
  })
})

describe('deletion', () => {
  it('of a conversation can be undone for ten minutes, with its messages', async () => {
    const conversation_id = await conversationOf(4)
    const before = await client.conversations.history({ conversation_id })
    const answer = await client.conversations.delete({ conversation_id })
    expect(Date.parse(answer.restorable_until) - now().getTime()).toBe(undoWindowMs)
    expect(await codeOf(client.conversations.history({ conversation_id }))).toBe('not_found')
    expect(await codeOf(client.conversations.delete({ conversation_id }))).toBe('not_found')
    expect(await codeOf(client.chat.send({ message: 'Bonjour', conversation_id }))).toBe('not_found')
    expect(await codeOf(client.conversations.versions({ message_id: before.messages[0]?.message_id ?? '' }))).toBe('not_found')
    expect(idsOf((await client.conversations.list({ limit: 200 })).conversations)).not.toContain(conversation_id)
    expect(await codeOf((await newPatient()).conversations.restore({ conversation_id }))).toBe('forbidden')
    advancedMs += undoWindowMs - 1
    expect((await client.conversations.restore({ conversation_id })).message_count).toBe(4)
    expect(await client.conversations.history({ conversation_id })).toEqual(before)
    expect(await codeOf(client.conversations.restore({ conversation_id }))).toBe('done')
  })

  it('of a message takes it out of the history and the count until it is restored', async () => {
    const conversation_id = await conversationOf(4)
    const before = await client.conversations.history({ conversation_id })
    const message_id = before.messages[1]?.message_id ?? ''
    await client.conversations.deleteMessage({ message_id })
    const without = await client.conversations.history({ conversation_id })
    expect(contents(without.messages)).toEqual([1, 3, 4])
    expect(without.message_count).toBe(3)
    expect(await codeOf(client.conversations.deleteMessage({ message_id }))).toBe('not_found')
    expect(await codeOf((await newPatient()).conversations.restoreMessage({ message_id }))).toBe('forbidden')
    expect(await client.conversations.restoreMessage({ message_id })).toEqual(before.messages[1])
    expect(await client.conversations.history({ conversation_id })).toEqual(before)
  })

  it('is final after the undo window, and then erased from the tables', async () => {
    const whole = await conversationOf(3)
    const single = await conversationOf(3)
    const kept = await conversationOf(3)
    const message_id = (await client.conversations.history({ conversation_id: single })).messages[1]?.message_id ?? ''
    await client.conversations.delete({ conversation_id: whole })
    await client.conversations.deleteMessage({ message_id })
    const messagesIn = async (): Promise<Record<string, number>> => {
      const rows = await backend.database.query<{ id: string; messages: number }>(
        'select conversation_id as id, count(*)::int as messages from chat_messages where conversation_id = any($1::uuid[]) group by 1',
        [[whole, single, kept]],
      )
      return Object.fromEntries(rows.map((row) => [row.id, row.messages]))
    }
    expect(await service.eraseDeleted()).toBe(0)
    expect(await messagesIn()).toEqual({ [whole]: 3, [single]: 3, [kept]: 3 })

    advancedMs += undoWindowMs + 1
    // Out of time before they are erased, and after it.
    for (let round = 0; round < 2; round++) {
      expect(await codeOf(client.conversations.restore({ conversation_id: whole }))).toBe('undo_expired')
      expect(await codeOf(client.conversations.restoreMessage({ message_id }))).toBe('undo_expired')
      if (round === 0) expect(await service.eraseDeleted()).toBe(2)
    }
    expect(await messagesIn()).toEqual({ [single]: 2, [kept]: 3 })
    expect(await backend.database.query('select 1 from conversations where conversation_id = $1', [whole])).toEqual([])
    expect(contents((await client.conversations.history({ conversation_id: single })).messages)).toEqual([1, 3])
  })
})

describe('versions', () => {
  it('of an edited question and of its regenerated answers stay apart, oldest first', async () => {
    const { user_message, assistant_message, conversation_id } = await client.chat.send({ message: 'Bonjour' })
    const again = await client.chat.regenerate({ message_id: assistant_message.message_id })
    const edited = await client.chat.edit({ message_id: user_message.message_id, message: 'Bonsoir' })
    const versionsOf = async (message_id: string): Promise<string[]> => (await client.conversations.versions({ message_id })).versions.map((version) => version.message_id)
    expect(await versionsOf(edited.user_message.message_id)).toEqual([user_message.message_id, edited.user_message.message_id])
    expect(await versionsOf(assistant_message.message_id)).toEqual([assistant_message.message_id, again.assistant_message.message_id])
    expect(await versionsOf(edited.assistant_message.message_id)).toEqual([edited.assistant_message.message_id])
    expect((await client.conversations.history({ conversation_id })).message_count).toBe(2)
  })
})

describe('owners', () => {
  it('see nothing of one another', async () => {
    const other = await newPatient()
    await conversationOf(2)
    expect((await other.conversations.list({})).conversations).toEqual([])
    expect(session.user.role).toBe('patient')
  })
})

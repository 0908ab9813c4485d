import { describe, expect, it } from 'vitest'
import { createClient } from '../../../shared/contract/client.js'
import type { Conversation } from '../../../shared/contract/conversations.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { createConversationsStore, isNewConversation } from './conversations-store.js'
import { matchesTitle } from './matches-title.js'

function conversation(id: string, updatedAt: string, more: Partial<Conversation> = {}): Conversation {
  return {
    conversation_id: id,
    title: `Title ${id}`,
    conversation_type: 'general',
    status: 'active',
    is_favorite: false,
    metadata: {},
    created_at: updatedAt,
    updated_at: updatedAt,
    message_count: 2,
    ...more,
  }
}

const first = conversation('a', '2026-11-21T10:00:00.000Z')
const second = conversation('b', '2026-11-21T09:00:00.000Z')

function setUp(answers: Record<string, (input: Record<string, unknown>) => unknown>) {
  const client = createClient(
    {
      request: ({ method, input }) => {
        const answer = answers[method]
        return Promise.resolve().then(() => {
          if (!answer) throw new ContractError('backend_lost')
          return answer(input as Record<string, unknown>)
        })
      },
      close: () => undefined,
    },
    { accessToken: () => null, language: () => 'en', renew: () => Promise.resolve(false) },
  )
  return createConversationsStore(client)
}

const list = (input: Record<string, unknown>): unknown =>
  input['cursor'] === 'next' ? { conversations: [second], next_cursor: null } : { conversations: [first], next_cursor: 'next' }
const ids = (store: ReturnType<typeof setUp>): string[] => store.getState().items.map((item) => item.conversation_id)

describe('conversations store', () => {
  it('loads page after page, newest first', async () => {
    const store = setUp({ 'conversations.list': list })
    await store.load()
    await store.loadMore()
    await store.loadMore()
    expect(ids(store)).toEqual(['a', 'b'])
  })

  it('says that the list could not be loaded', async () => {
    const store = setUp({})
    await expect(store.load()).rejects.toMatchObject({ code: 'backend_lost' })
    expect(store.getState().status).toBe('failed')
  })

  it('renames at once and takes it back when the device refuses', async () => {
    const store = setUp({ 'conversations.list': list })
    await store.load()
    const renaming = store.rename('a', 'Another')
    expect(store.getState().items[0]?.title).toBe('Another')
    await expect(renaming).rejects.toMatchObject({ code: 'backend_lost' })
    expect(store.getState().items[0]?.title).toBe('Title a')
  })

  it('deletes the open conversation, opens a new one, and restores', async () => {
    const until = '2026-11-21T10:00:30.000Z'
    const store = setUp({
      'conversations.list': list,
      'conversations.delete': () => ({ message: '', conversation_id: 'a', restorable_until: until }),
      'conversations.restore': () => first,
    })
    await store.load()
    store.select('a')
    await expect(store.remove('a')).resolves.toBe(Date.parse(until))
    expect(ids(store)).toEqual([])
    expect(isNewConversation(store.getState().selected)).toBe(true)
    await store.restore('a')
    expect(ids(store)).toEqual(['a'])
  })

  it('puts a conversation back that could not be deleted', async () => {
    const store = setUp({ 'conversations.list': list })
    await store.load()
    await expect(store.remove('a')).rejects.toMatchObject({ code: 'backend_lost' })
    expect(ids(store)).toEqual(['a'])
  })

  it('moves a conversation up when something happens in it, and opens only one empty one', async () => {
    const store = setUp({ 'conversations.list': list })
    await store.load()
    store.keep({ ...second, updated_at: '2026-11-21T11:00:00.000Z' })
    expect(ids(store)).toEqual(['b', 'a'])
    expect(store.startNew()).toBe(store.startNew())
  })
})

describe('matchesTitle', () => {
  it('finds words in any order, without accents and capitals', () => {
    expect(matchesTitle('Fièvre de mon fils Émile', 'emile FIEVRE')).toBe(true)
    expect(matchesTitle('Fièvre', 'toux')).toBe(false)
    expect(matchesTitle('Anything', '  ')).toBe(true)
  })
})

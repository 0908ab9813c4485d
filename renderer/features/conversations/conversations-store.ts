import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Client } from '../../../shared/contract/client.js'
import type { Conversation } from '../../../shared/contract/conversations.js'

export interface Conversations {
  items: readonly Conversation[]
  nextCursor: string | null
  status: 'idle' | 'loading' | 'ready' | 'failed'
  /** The open conversation: its id, or a key made by the window for one that is not on the disk yet. */
  selected: string
}

export interface ConversationsStore extends StoreApi<Conversations> {
  load(): Promise<void>
  loadMore(): Promise<void>
  /** Puts a conversation that was made or changed at the place of its date. */
  keep(conversation: Conversation): void
  select(key: string): void
  /** Opens an empty conversation and returns its key. */
  startNew(): string
  rename(conversationId: string, title: string): Promise<void>
  setFavorite(conversationId: string, isFavorite: boolean): Promise<void>
  /** Takes it off the list at once. @returns until when it can be restored, in ms since the epoch. */
  remove(conversationId: string): Promise<number>
  restore(conversationId: string): Promise<void>
  /** Takes a conversation off the list that is no longer on the device. @returns the key of the conversation that is open then */
  forget(conversationId: string): string
}

const pageSize = 50
const newKeyPrefix = 'new:'

/** Whether a key names a conversation that has no message yet. */
export function isNewConversation(key: string): boolean {
  return key.startsWith(newKeyPrefix)
}

function byDate(one: Conversation, other: Conversation): number {
  return other.updated_at.localeCompare(one.updated_at)
}

/** The list of conversations, newest first. Every action rejects with the ContractError of its call, after the list is as it was. */
export function createConversationsStore(client: Pick<Client, 'conversations'>): ConversationsStore {
  let newConversations = 1
  const newKey = (): string => `${newKeyPrefix}${newConversations++}`
  const store = createStore<Conversations>(() => ({ items: [], nextCursor: null, status: 'idle', selected: newKey() }))
  const keep = (conversation: Conversation): void =>
    store.setState(({ items }) => {
      const others = items.filter((item) => item.conversation_id !== conversation.conversation_id)
      return { items: [...others, conversation].sort(byDate) }
    })
  const change = async (conversationId: string, patch: Partial<Conversation>, call: () => Promise<Conversation>): Promise<void> => {
    const before = store.getState().items.find((item) => item.conversation_id === conversationId)
    if (before) keep({ ...before, ...patch })
    try {
      keep(await call())
    } catch (error) {
      if (before) keep(before)
      throw error
    }
  }
  const fetchPage = async (cursor: string | null): Promise<void> => {
    store.setState({ status: 'loading' })
    try {
      const page = await client.conversations.list({ limit: pageSize, ...(cursor === null ? {} : { cursor }) })
      const fresh = new Set(page.conversations.map((item) => item.conversation_id))
      const others = cursor === null ? [] : store.getState().items.filter((item) => !fresh.has(item.conversation_id))
      store.setState({ items: [...others, ...page.conversations].sort(byDate), nextCursor: page.next_cursor, status: 'ready' })
    } catch (error) {
      store.setState({ status: 'failed' })
      throw error
    }
  }
  const leaveList = (conversationId: string): string => {
    const { items, selected } = store.getState()
    const next = selected === conversationId ? newKey() : selected
    store.setState({ items: items.filter((item) => item.conversation_id !== conversationId), selected: next })
    return next
  }
  return {
    ...store,
    keep,
    forget: leaveList,
    load: () => fetchPage(null),
    loadMore: async () => {
      const { nextCursor, status } = store.getState()
      if (nextCursor !== null && status !== 'loading') await fetchPage(nextCursor)
    },
    select: (key) => store.setState({ selected: key }),
    startNew: () => {
      const { selected } = store.getState()
      const key = isNewConversation(selected) ? selected : newKey()
      store.setState({ selected: key })
      return key
    },
    rename: (conversationId, title) =>
      change(conversationId, { title }, () => client.conversations.rename({ conversation_id: conversationId, title })),
    setFavorite: (conversationId, isFavorite) =>
      change(conversationId, { is_favorite: isFavorite }, () =>
        client.conversations.setFavorite({ conversation_id: conversationId, is_favorite: isFavorite }),
      ),
    remove: async (conversationId) => {
      const { items } = store.getState()
      leaveList(conversationId)
      try {
        return Date.parse((await client.conversations.delete({ conversation_id: conversationId })).restorable_until)
      } catch (error) {
        const removed = items.find((item) => item.conversation_id === conversationId)
        if (removed) keep(removed)
        throw error
      }
    },
    restore: async (conversationId) => {
      keep(await client.conversations.restore({ conversation_id: conversationId }))
    },
  }
}

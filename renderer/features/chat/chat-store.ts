import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ChatChange, ChatEvent, ChatResponse } from '../../../shared/contract/chat.js'
import type { Client, StreamOptions } from '../../../shared/contract/client.js'
import { ContractError, type ErrorCode } from '../../../shared/contract/errors.js'
import { isNewConversation, type ConversationsStore } from '../conversations/conversations-store.js'
import type { Preferences } from '../../../shared/contract/settings.js'
import type { PreferencesStore } from '../settings/preferences-store.js'
import { applyChatEvent } from './apply-chat-event.js'
import { DeltaBuffer } from './delta-buffer.js'
import { emptyThread, mergeMessages, newActivity, type Activity, type Thread } from './thread.js'

export interface ChatState {
  /** By the conversation's id, or by the key that the window gave a conversation that is not on the disk yet. */
  threads: Readonly<Record<string, Thread>>
}

export interface ChatStore extends StoreApi<ChatState> {
  open(key: string): Promise<void>
  loadEarlier(key: string): Promise<void>
  setDraft(key: string, draft: string): void
  /** Asks what is in the draft. When the question could not be saved it is in the draft again. */
  send(key: string): Promise<void>
  regenerate(key: string, messageId: string): Promise<void>
  edit(key: string, messageId: string, text: string): Promise<void>
  /** Asks for the answer to the last question, which is kept but was not answered. */
  answerAgain(key: string): Promise<void>
  stop(key: string): Promise<void>
  /** Lets a model complete an answer that was made from the passages. @throws ContractError */
  complete(key: string, messageId: string): Promise<void>
  /** Follows what changes by itself until the store is closed; begins again after an interruption. */
  watch(): Promise<void>
  /** Takes a message away at once. @returns until when it can be restored, in ms since the epoch. @throws ContractError */
  deleteMessage(key: string, messageId: string): Promise<number>
  /** @throws ContractError */
  restoreMessage(key: string, messageId: string): Promise<void>
  /** @throws ContractError */
  rate(key: string, messageId: string, rating: 'helpful' | 'not_helpful'): Promise<void>
  /** Stops listening to every stream. */
  close(): void
}

export interface ChatStoreParts {
  client: Pick<Client, 'chat' | 'conversations' | 'feedback'>
  conversations: ConversationsStore
  preferences: PreferencesStore
  /** Documents that questions are asked over; none means all. */
  chosenDocuments?: () => readonly string[]
}

type Ask = (options: StreamOptions<ChatEvent>) => Promise<ChatResponse>

const pageSize = 50
/** Pause before what changes by itself is followed again, in ms. */
const watchAgainMs = 3_000

/** The conversations that are open in this window, and the answers being written in them. */
export function createChatStore({ client, conversations, preferences, chosenDocuments = () => [] }: ChatStoreParts): ChatStore {
  const store = createStore<ChatState>(() => ({ threads: {} }))
  let closing = new AbortController()

  const thread = (key: string): Thread => store.getState().threads[key] ?? emptyThread
  const change = (key: string, patch: Partial<Thread> | ((before: Thread) => Thread)): void =>
    store.setState(({ threads }) => {
      const before = threads[key] ?? emptyThread
      return { threads: { ...threads, [key]: typeof patch === 'function' ? patch(before) : { ...before, ...patch } } }
    })
  const changeActivity = (key: string, patch: Partial<Activity>): void =>
    change(key, (before) => (before.activity ? { ...before, activity: { ...before.activity, ...patch } } : before))
  const move = (from: string, to: string): void => {
    store.setState(({ threads: { [from]: moved = emptyThread, ...others } }) => ({ threads: { ...others, [to]: moved } }))
    if (conversations.getState().selected === from) conversations.select(to)
  }
  const reload = async (key: string): Promise<void> => {
    const history = await client.conversations.history({ conversation_id: key, limit: pageSize })
    const { messages, has_earlier: hasEarlier, ...conversation } = history
    change(key, { messages, hasEarlier, status: 'ready' })
    conversations.keep(conversation)
    if (!messages.some(({ message_metadata: { passages_because: because } }) => because === 'unreachable')) return
    const { completions } = await client.chat.completions({ conversation_id: key })
    change(key, { completions: Object.fromEntries(completions.map((completion) => [completion.message_id, completion])) })
  }

  /** What changed by itself, in the conversations that are open here. */
  const applyChange = (event: ChatChange): void => {
    if (event.type === 'watching') return
    const key = event.type === 'completion' ? event.completion.conversation_id : event.conversation.conversation_id
    if (event.type === 'completed') conversations.keep(event.conversation)
    if (!store.getState().threads[key]) return
    change(key, (before) => {
      if (event.type === 'completion') return { ...before, completions: { ...before.completions, [event.completion.message_id]: event.completion } }
      const { [event.replaces]: _completed, ...completions } = before.completions
      return { ...before, completions, messages: mergeMessages(before.messages.filter((message) => message.message_id !== event.replaces), [event.message]) }
    })
  }

  /** The conversation is no longer on the device: what was written goes on in a new one. */
  const leave = (key: string, code: ErrorCode): void => {
    const { draft } = thread(key)
    const next = conversations.forget(key)
    store.setState(({ threads: { [key]: _gone, ...others } }) => ({ threads: others }))
    if (draft !== '') change(next, { draft, failure: { code, questionKept: false } })
  }

  /** Runs one question to its end: events into the thread, failures into the thread, never a rejection. */
  const ask = async (startKey: string, activity: Activity, call: Ask): Promise<void> => {
    let key = startKey
    if (thread(key).activity) return
    const { signal } = closing
    change(key, { activity, failure: null })
    const apply = (event: ChatEvent): void => {
      if (event.type === 'accepted') {
        conversations.keep(event.conversation)
        const id = event.conversation.conversation_id
        if (id !== key) move(key, id)
        key = id
        change(key, { unsent: null })
      }
      change(key, (before) => applyChatEvent(before, event))
    }
    const deltas = new DeltaBuffer(apply)
    try {
      const answer = await call({ onEvent: (event) => deltas.receive(event), signal })
      deltas.flush()
      change(key, (before) => ({ ...before, messages: mergeMessages(before.messages, [answer.user_message, answer.assistant_message]), activity: null }))
      const known = conversations.getState().items.find((item) => item.conversation_id === key)
      const messageCount = Math.max(known?.message_count ?? 0, thread(key).messages.length)
      if (known) conversations.keep({ ...known, updated_at: answer.assistant_message.timestamp, message_count: messageCount })
    } catch (error) {
      deltas.flush()
      if (signal.aborted) return
      if (!(error instanceof ContractError)) throw error
      const accepted = thread(key).activity?.phase !== 'saving'
      change(key, (before) => ({
        ...before,
        activity: null,
        failure: { code: error.code, questionKept: accepted && !isNewConversation(key) },
        ...(accepted ? {} : { draft: [activity.unsavedQuestion, before.draft].filter(Boolean).join('\n') }),
      }))
      if (error.code === 'not_found' && !isNewConversation(key)) {
        leave(key, error.code)
        return
      }
      // What the disk holds is the truth: a partial answer may have been kept. If it cannot be read now, opening the conversation reads it.
      if (!isNewConversation(key)) await reload(key).catch(() => change(key, { status: 'failed' }))
    }
  }

  const answerOptions = (): Pick<Preferences, 'provider' | 'model' | 'temperature' | 'use_rag'> & { document_ids?: string[] } => {
    const { provider, model, temperature, use_rag } = preferences.getState().preferences
    const documentIds = [...chosenDocuments()]
    return { provider, model, temperature, use_rag, ...(documentIds.length > 0 ? { document_ids: documentIds } : {}) }
  }
  const sendQuestion = async (key: string, question: string): Promise<void> => {
    const { unsent } = thread(key)
    const clientMessageId = unsent?.text === question ? unsent.clientMessageId : crypto.randomUUID()
    change(key, { draft: '', unsent: { text: question, clientMessageId } })
    const conversationId = isNewConversation(key) ? null : key
    await ask(key, newActivity('send', question, null), (options) =>
      client.chat.send({ ...answerOptions(), message: question, conversation_id: conversationId, client_message_id: clientMessageId }, options),
    )
  }
  const sequenceOf = (key: string, messageId: string): number | null =>
    thread(key).messages.find((message) => message.message_id === messageId)?.sequence ?? null
  const regenerate = (key: string, messageId: string): Promise<void> =>
    ask(key, newActivity('regenerate', null, sequenceOf(key, messageId)), (options) =>
      client.chat.regenerate({ ...answerOptions(), message_id: messageId }, options),
    )
  const edit = (key: string, messageId: string, text: string): Promise<void> =>
    ask(key, newActivity('edit', text, sequenceOf(key, messageId)), (options) =>
      client.chat.edit({ ...answerOptions(), message_id: messageId, message: text }, options),
    )

  return {
    ...store,
    open: async (key) => {
      if (isNewConversation(key) || thread(key).activity) return
      if (thread(key).status === 'new') change(key, { status: 'loading' })
      try {
        await reload(key)
      } catch (error) {
        if (!(error instanceof ContractError)) throw error
        if (error.code === 'not_found') leave(key, error.code)
        else if (thread(key).status !== 'ready') change(key, { status: 'failed' })
      }
    },
    loadEarlier: async (key) => {
      const { messages, hasEarlier, loadingEarlier } = thread(key)
      const first = messages[0]
      if (!first || !hasEarlier || loadingEarlier) return
      change(key, { loadingEarlier: true })
      try {
        const page = await client.conversations.history({ conversation_id: key, limit: pageSize, before: first.sequence })
        change(key, (before) => ({ ...before, messages: mergeMessages(before.messages, page.messages), hasEarlier: page.has_earlier }))
      } finally {
        change(key, { loadingEarlier: false })
      }
    },
    setDraft: (key, draft) => change(key, { draft }),
    send: async (key) => {
      const question = thread(key).draft.trim()
      if (question === '' || thread(key).activity) return
      await sendQuestion(key, question)
    },
    regenerate,
    edit,
    answerAgain: async (key) => {
      const last = thread(key).messages.at(-1)
      if (last?.role === 'assistant') await regenerate(key, last.message_id)
      else if (last) await edit(key, last.message_id, last.content)
    },
    stop: async (key) => {
      changeActivity(key, { stopping: true })
      await client.chat.stop({ conversation_id: key })
    },
    complete: async (key, messageId) => {
      const completion = await client.chat.complete({ message_id: messageId })
      change(key, (before) => ({ ...before, completions: { ...before.completions, [messageId]: completion } }))
    },
    watch: async () => {
      const { signal } = closing
      while (!signal.aborted) {
        try {
          await client.chat.watch({}, { onEvent: applyChange, signal })
        } catch (error) {
          if (!(error instanceof ContractError)) throw error
          if (error.status === 401 || signal.aborted) return
          await new Promise((resolve) => setTimeout(resolve, watchAgainMs))
        }
      }
    },
    deleteMessage: async (key, messageId) => {
      const removed = thread(key).messages.find((message) => message.message_id === messageId)
      change(key, (before) => ({ ...before, messages: before.messages.filter((message) => message.message_id !== messageId) }))
      try {
        return Date.parse((await client.conversations.deleteMessage({ message_id: messageId })).restorable_until)
      } catch (error) {
        if (removed) change(key, (before) => ({ ...before, messages: mergeMessages(before.messages, [removed]) }))
        throw error
      }
    },
    restoreMessage: async (key, messageId) => {
      const restored = await client.conversations.restoreMessage({ message_id: messageId })
      change(key, (before) => ({ ...before, messages: mergeMessages(before.messages, [restored]) }))
    },
    rate: async (key, messageId, rating) => {
      const before = thread(key).ratings
      change(key, { ratings: { ...before, [messageId]: rating } })
      try {
        await client.feedback.submit({ message_id: messageId, rating })
      } catch (error) {
        change(key, { ratings: before })
        throw error
      }
    },
    close: () => {
      closing.abort()
      closing = new AbortController()
    },
  }
}

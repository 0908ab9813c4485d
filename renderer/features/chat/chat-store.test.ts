import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../../shared/contract/chat.js'
import { createClient, type TransportRequest } from '../../../shared/contract/client.js'
import type { ChatMessage, Conversation } from '../../../shared/contract/conversations.js'
import { ContractError, type ErrorCode } from '../../../shared/contract/errors.js'
import { createConversationsStore } from '../conversations/conversations-store.js'
import { createPreferencesStore } from '../settings/preferences-store.js'
import { createChatStore } from './chat-store.js'
import type { Thread } from './thread.js'

const at = '2026-11-21T10:00:00.000Z'
const conversation: Conversation = {
  conversation_id: 'c1',
  title: 'Fever',
  conversation_type: 'general',
  status: 'active',
  is_favorite: false,
  metadata: {},
  created_at: at,
  updated_at: at,
  message_count: 1,
}

function message(id: string, sequence: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    message_id: id,
    conversation_id: 'c1',
    parent_id: null,
    sequence,
    role: sequence % 2 === 1 ? 'user' : 'assistant',
    content: `text of ${id}`,
    state: 'complete',
    timestamp: at,
    model_used: null,
    token_count: null,
    message_metadata: {},
    ...more,
  }
}

/** One request at the wire, held open: the test sends its events and its end. */
interface Held {
  request: TransportRequest
  emit: (event: ChatEvent) => void
  answer: (value: unknown) => void
  fail: (code: ErrorCode) => void
}

function setUp() {
  const held: Held[] = []
  const client = createClient(
    {
      request: (request) =>
        new Promise((resolve, reject) => {
          held.push({
            request,
            emit: (event) => request.onEvent?.(event),
            answer: resolve,
            fail: (code) => reject(new ContractError(code)),
          })
          request.signal?.addEventListener('abort', () => reject(new ContractError('cancelled')))
        }),
      close: () => undefined,
    },
    { accessToken: () => 't', language: () => 'fr', renew: () => Promise.resolve(false) },
  )
  const conversations = createConversationsStore(client)
  const chat = createChatStore({ client, conversations, preferences: createPreferencesStore(client) })
  const last = (): Held => {
    const found = held.at(-1)
    if (!found) throw new Error('nothing was asked')
    return found
  }
  const thread = (key = conversations.getState().selected): Thread | undefined => chat.getState().threads[key]
  return { chat, conversations, held, last, thread }
}

const question = message('q1', 1)
const answer = message('a1', 2)
const accepted: ChatEvent = { type: 'accepted', conversation, user_message: question }

async function asked(text = 'I have a fever') {
  const parts = setUp()
  const key = parts.conversations.getState().selected
  parts.chat.setDraft(key, text)
  const sending = parts.chat.send(key)
  return { ...parts, key, sending, wire: parts.last() }
}

async function answered() {
  const parts = await asked()
  parts.wire.emit(accepted)
  parts.wire.emit({ type: 'final', message: answer })
  parts.wire.answer({ conversation_id: 'c1', user_message: question, assistant_message: answer })
  await parts.sending
  return parts
}

describe('chat store', () => {
  it('shows a question as unsaved until it was accepted, then writes the answer, then keeps it', async () => {
    const { wire, thread, key, sending, conversations } = await asked()
    expect(thread()).toMatchObject({ draft: '', activity: { phase: 'saving', unsavedQuestion: 'I have a fever' } })
    expect(wire.request).toMatchObject({ method: 'chat.send', input: { message: 'I have a fever', conversation_id: null, use_rag: true } })

    wire.emit(accepted)
    expect(conversations.getState().selected).toBe('c1')
    expect(thread(key)).toBeUndefined()
    expect(thread()).toMatchObject({ messages: [question], activity: { phase: 'waiting', unsavedQuestion: null } })

    wire.emit({ type: 'triage', finding: { level: 'urgent', rule_id: 'r', category: null, reason: 'why', matched: [], actions: [] } })
    wire.emit({ type: 'started', message_id: 'a1', provider: 'groq', model: 'm' })
    wire.emit({ type: 'delta', message_id: 'a1', text: 'Drink ' })
    wire.emit({ type: 'delta', message_id: 'a1', text: 'water.' })
    wire.emit({ type: 'sources', sources: [] })
    expect(thread()?.activity).toMatchObject({ phase: 'writing', triage: { level: 'urgent' }, live: { text: 'Drink water.' } })

    wire.emit({ type: 'final', message: answer })
    expect(thread()).toMatchObject({ messages: [question, answer], activity: { live: null } })
    wire.answer({ conversation_id: 'c1', user_message: question, assistant_message: answer })
    await sending
    expect(thread()).toMatchObject({ messages: [question, answer], activity: null, failure: null })
    expect(conversations.getState().items).toMatchObject([{ conversation_id: 'c1', message_count: 2 }])
  })

  it('keeps the partial answer of a provider that was cut, and goes on with the next one', async () => {
    const { wire, thread } = await asked()
    const partial = message('a0', 2, { state: 'partial' })
    wire.emit(accepted)
    wire.emit({ type: 'started', message_id: 'a0', provider: 'groq', model: 'm' })
    wire.emit({ type: 'final', message: partial })
    wire.emit({ type: 'fallback', from: 'groq', to: 'gemini', reason: 'cut' })
    expect(thread()).toMatchObject({ messages: [question, partial], activity: { fallbackFrom: 'groq' } })
    wire.emit({ type: 'started', message_id: 'a1', provider: 'gemini', model: 'm' })
    expect(thread()?.activity).toMatchObject({ fallbackFrom: null, live: { messageId: 'a1', text: '' } })
  })

  it('puts a question that could not be saved back into the draft, before what was typed meanwhile, and sends it again under its id', async () => {
    const { wire, thread, chat, key, sending, last } = await asked()
    chat.setDraft(key, 'and a cough')
    wire.fail('backend_lost')
    await sending
    expect(thread()).toMatchObject({ draft: 'I have a fever\nand a cough', activity: null, failure: { code: 'backend_lost', questionKept: false } })

    chat.setDraft(key, 'I have a fever')
    void chat.send(key)
    const repeated = last().request.input as { client_message_id: string }
    expect(repeated.client_message_id).toBe((wire.request.input as typeof repeated).client_message_id)
    last().emit(accepted)
    expect(thread()?.unsent).toBeNull()
  })

  it('says that the question is kept when only the answer failed, reads what the disk holds, and asks for the answer again', async () => {
    const { wire, thread, sending, chat, last } = await asked()
    wire.emit(accepted)
    wire.fail('internal')
    await Promise.resolve()
    await Promise.resolve()
    expect(last().request.method).toBe('conversations.history')
    last().answer({ ...conversation, messages: [question], has_earlier: false })
    await sending
    expect(thread()).toMatchObject({ draft: '', messages: [question], failure: { code: 'internal', questionKept: true } })
    void chat.answerAgain('c1')
    expect(last().request).toMatchObject({ method: 'chat.edit', input: { message_id: 'q1', message: question.content } })
    expect(thread()?.failure).toBeNull()
  })

  it('asks only one thing at a time in a conversation', async () => {
    const { chat, held } = await asked()
    const before = held.length
    chat.setDraft('new:1', 'another')
    await chat.send('new:1')
    expect(held).toHaveLength(before)
  })

  it('replaces an answer when it is made again, and everything after a question that was changed', async () => {
    const { chat, last, thread } = await answered()
    void chat.regenerate('c1', 'a1')
    expect(thread()?.messages).toHaveLength(2)
    last().emit(accepted)
    expect(thread()?.messages.map(({ message_id: id }) => id)).toEqual(['q1'])
    const again = message('a2', 3, { role: 'assistant' })
    last().answer({ conversation_id: 'c1', user_message: question, assistant_message: again })
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    expect(thread()?.messages.map(({ message_id: id }) => id)).toEqual(['q1', 'a2'])

    void chat.edit('c1', 'q1', 'changed')
    last().emit({ type: 'accepted', conversation, user_message: message('q2', 5) })
    expect(thread()?.messages.map(({ message_id: id }) => id)).toEqual(['q2'])
  })

  it('takes a deleted message away at once, brings it back in its place, and keeps it when the device refuses', async () => {
    const { chat, last, thread } = await answered()
    const refused = chat.deleteMessage('c1', 'q1')
    expect(thread()?.messages.map(({ message_id: id }) => id)).toEqual(['a1'])
    last().fail('internal')
    await expect(refused).rejects.toMatchObject({ code: 'internal' })
    expect(thread()?.messages.map(({ message_id: id }) => id)).toEqual(['q1', 'a1'])

    const deleted = chat.deleteMessage('c1', 'q1')
    last().answer({ message: '', message_id: 'q1', restorable_until: at })
    await expect(deleted).resolves.toBe(Date.parse(at))
    const restored = chat.restoreMessage('c1', 'q1')
    last().answer(question)
    await restored
    expect(thread()?.messages.map(({ message_id: id }) => id)).toEqual(['q1', 'a1'])
  })

  it('takes a rating back that was not kept', async () => {
    const { chat, last, thread } = await answered()
    const rating = chat.rate('c1', 'a1', 'helpful')
    expect(thread()?.ratings).toEqual({ a1: 'helpful' })
    last().fail('rate_limited')
    await expect(rating).rejects.toMatchObject({ code: 'rate_limited' })
    expect(thread()?.ratings).toEqual({})
  })

  it('puts earlier messages before the loaded ones', async () => {
    const { chat, last, thread } = setUp()
    const opening = chat.open('c1')
    expect(thread('c1')?.status).toBe('loading')
    last().answer({ ...conversation, messages: [message('q3', 5), message('a3', 6)], has_earlier: true })
    await opening
    const loading = chat.loadEarlier('c1')
    expect(last().request.input).toMatchObject({ before: 5 })
    last().answer({ ...conversation, messages: [message('q2', 3), message('a2', 4)], has_earlier: false })
    await loading
    expect(thread('c1')).toMatchObject({ hasEarlier: false, loadingEarlier: false })
    expect(thread('c1')?.messages.map(({ sequence }) => sequence)).toEqual([3, 4, 5, 6])
  })

  it('goes on in a new conversation, with what was written, when the open one is no longer on the device', async () => {
    const { chat, last, thread, conversations, held } = await answered()
    chat.setDraft('c1', 'Another question')
    const sending = chat.send('c1')
    last().fail('not_found')
    await sending
    expect(held.at(-1)?.request.method).toBe('chat.send')
    expect(thread('c1')).toBeUndefined()
    expect(conversations.getState()).toMatchObject({ items: [], selected: expect.stringMatching(/^new:/) as string })
    expect(thread()).toMatchObject({ draft: 'Another question', failure: { code: 'not_found', questionKept: false } })
  })

  it('stops listening when the person leaves', async () => {
    const { chat, wire, sending, thread } = await asked()
    wire.emit(accepted)
    chat.close()
    await sending
    expect(wire.request.signal?.aborted).toBe(true)
    expect(thread()?.failure).toBeNull()
  })
})

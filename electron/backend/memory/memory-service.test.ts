import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChatMessage, SearchResult } from '../../../shared/contract/conversations.js'
import { MessagesStore } from '../conversations/messages-store.js'
import { ConversationsService } from '../conversations/conversations-service.js'
import { projectFolder, startTestBackend, type TestBackend } from '../testing/test-backend.js'
import { readInstructions } from './instructions.js'
import { MemoryService, summaryBudget, type Summarise } from './memory-service.js'
import { loadTokenCounter } from './token-counter.js'

let backend: TestBackend
let messages: MessagesStore
let memory: MemoryService
let conversations: ConversationsService
let ownerId: string
let conversationId: string
const texts = readInstructions(path.join(projectFolder, 'data', 'instructions', 'assistant.yaml'))
const never = new AbortController().signal

beforeAll(async () => {
  backend = await startTestBackend()
  messages = new MessagesStore(backend.database)
  memory = new MemoryService({ database: backend.database, messages, texts })
  conversations = new ConversationsService({
    database: backend.database,
    now: () => new Date(),
    onHistoryChanged: (id, sequence, queries) => memory.historyChanged(id, sequence, queries),
  })
  ownerId = (await backend.patient('+237650001001')).session.user.patient_id
})
afterAll(() => backend.remove())
beforeEach(async () => {
  conversationId = (await conversations.create(ownerId, { conversation_type: 'general', metadata: {} })).conversation_id
})

/** Adds a question and its answer; gives the question. */
async function turn(question: string, answer = 'Thank you for telling me.'): Promise<ChatMessage> {
  const stored = await addQuestion(question)
  const open = await messages.startAnswer(stored)
  await messages.finishAnswer(open.message_id, { content: answer, state: 'complete', modelUsed: null, tokenCount: 5, metadata: {} })
  return stored
}
function addQuestion(content: string): Promise<ChatMessage> {
  return backend.database.transaction((transaction) =>
    messages.addQuestion({ conversationId, parentId: null, content, tokenCount: 5, clientMessageId: null, titleIfNone: content.slice(0, 20), metadata: {} }, transaction),
  )
}
const systemOf = (prompt: { role: string; content: string }[]): string => prompt[0]?.content ?? ''
const summaryRow = async () =>
  (await backend.database.query<{ content: string; through_sequence: number; made_by: string }>('select content, through_sequence, made_by from conversation_summaries where conversation_id = $1', [conversationId]))[0]

describe('the prompt', () => {
  it('has full instructions for a short conversation and condensed ones for a long one, in the asked language', async () => {
    const first = await addQuestion('Bonjour')
    expect(systemOf((await memory.buildContext({ question: first, language: 'fr', passages: [] })).prompt)).toContain(texts.full.fr)
    for (let index = 0; index < 4; index++) await turn(`Question ${index}`)
    const late = await addQuestion('And now?')
    expect(systemOf((await memory.buildContext({ question: late, language: 'en', passages: [] })).prompt)).toContain(texts.condensed.en)
  })

  it('keeps an allergy of the second message through sixty, within the budget', async () => {
    await turn('Hello, I would like to ask something.')
    await turn('I am allergic to penicillin, it made my face swell.')
    for (let index = 0; index < 28; index++) await turn(`What about the food number ${index} that we talked about?`, `Food ${index} can be eaten in small portions during the day.`)
    const question = await addQuestion('Which medicine can I take for my throat?')
    const { prompt, tokens } = await memory.buildContext({ question, language: 'en', passages: [], budget: 1200 })
    expect(systemOf(prompt)).toMatch(/allergic to penicillin/)
    expect(tokens).toBeLessThanOrEqual(1200)
    const counter = await loadTokenCounter()
    expect(prompt.reduce((sum, message) => sum + counter.count(message.content), 0)).toBeLessThanOrEqual(1230)
    expect(prompt.at(-1)).toEqual({ role: 'user', content: question.content })
    expect(prompt.filter((message) => message.role !== 'system')).toHaveLength(5)
  })

  it('gives way: passages before older messages, the question always whole', async () => {
    await turn('An earlier question', 'word '.repeat(400))
    const question = await addQuestion('Is it malaria?')
    const passage: SearchResult = { document_id: 'malaria', title: 'Malaria', lang: 'en', passage: 'Malaria is found with a blood test.', score: 1, start: 0, end: 10 }
    const full = texts.full.en
    const counter = await loadTokenCounter()
    const { prompt } = await memory.buildContext({ question, language: 'en', passages: [passage], budget: counter.count(full) + 120 })
    expect(systemOf(prompt)).toContain('[1] Malaria')
    expect(prompt.map((message) => message.content)).not.toContainEqual(expect.stringContaining('word word'))
    expect(prompt.at(-1)?.content).toBe('Is it malaria?')
  })
})

describe('the summary', () => {
  it('is kept and extended by what left the last five, not recomputed', async () => {
    const calls: { previous: string; messages: string[] }[] = []
    const summarise: Summarise = async ({ previous, messages: aged }) => {
      calls.push({ previous, messages: aged.map((message) => message.content) })
      return `summary ${calls.length}`
    }
    for (let index = 0; index < 6; index++) await turn(`Question ${index}`)
    await memory.extendSummary(conversationId, 'en', summarise, never)
    for (let index = 6; index < 10; index++) await turn(`Question ${index}`)
    await memory.extendSummary(conversationId, 'en', summarise, never)
    expect(calls).toHaveLength(2)
    expect(calls[0]?.previous).toBe('')
    expect(calls[1]?.previous).toBe('summary 1')
    expect(calls[1]?.messages.some((content) => calls[0]?.messages.includes(content) && content.startsWith('Question'))).toBe(false)
    expect(await summaryRow()).toMatchObject({ content: 'summary 2', made_by: 'provider', through_sequence: 15 })
  })

  it('is made of the person’s own sentences when no provider answers, within its budget', async () => {
    for (let index = 0; index < 40; index++) await turn(`Sentence ${index}: I take ${index} mg of a medicine every day, and I am on my feet a lot.`)
    await memory.extendSummary(conversationId, 'en', async () => null, never)
    const row = await summaryRow()
    expect(row?.made_by).toBe('extraction')
    expect((await loadTokenCounter()).count(row?.content ?? '')).toBeLessThanOrEqual(summaryBudget)
  })

  it('refuses a provider’s summary that is empty or far too long', async () => {
    for (let index = 0; index < 6; index++) await turn(`I am ${30 + index} years old and have diabetes.`)
    await memory.extendSummary(conversationId, 'en', async () => 'word '.repeat(2000), never)
    expect((await summaryRow())?.made_by).toBe('extraction')
  })

  it('forgets a message that is deleted from what it summarises', async () => {
    const secret = await turn('My secret number is 12345 mg.')
    for (let index = 0; index < 6; index++) await turn(`Question ${index}`)
    await memory.extendSummary(conversationId, 'en', null, never)
    expect((await summaryRow())?.content).toContain('secret')
    await conversations.deleteMessage(ownerId, secret.message_id)
    expect((await summaryRow())?.content).toBe('')
    const { prompt } = await memory.buildContext({ question: await addQuestion('What now?'), language: 'en', passages: [] })
    expect(JSON.stringify(prompt)).not.toContain('secret')
  })
})

/** The statements that run again and again, as the services send them, on a ward's amount of messages: each must go by an index. */
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConversationsService } from '../conversations/conversations-service.js'
import { MessagesStore } from '../conversations/messages-store.js'
import { Database } from './database.js'
import { copyTemplate } from './testing/database-template.js'

const conversationCount = 200
/** Without messages, so that the table of conversations is larger than a few pages, which Postgres would rightly read whole. */
const emptyConversations = 4000
const messagesEach = 100
const people = 40
/** Tables that grow with use; the rest of the schema is small enough to be read whole. */
const growing = new Set(['chat_messages', 'conversations'])

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}
interface Statement {
  sql: string
  parameters: unknown[]
}

let folder: string
let database: Database
let conversations: ConversationsService
let messages: MessagesStore
let sent: Statement[] = []

const uuid = (kind: number, number: number): string => `0198c0de-000${kind}-7000-8000-${String(number).padStart(12, '0')}`
const personId = uuid(0, 1)
/** A conversation of that person, with all its messages. */
const conversationId = uuid(1, 100)
const messageId = (sequence: number): string => uuid(2, 100 * 1000 + sequence)

beforeAll(async () => {
  folder = await copyTemplate()
  database = await Database.open({
    folder: path.join(folder, 'database'),
    onThreadEnd: (exitCode) => {
      throw new Error(`the database thread ended with ${exitCode}`)
    },
  })
  const id = (kind: number, number: string): string => `('0198c0de-000${kind}-7000-8000-' || lpad((${number})::text, 12, '0'))::uuid`
  await database.execute(`
    insert into users (patient_id, full_name, role) select ${id(0, 'n')}, 'Person ' || n, 'guest' from generate_series(0, ${people - 1}) n;
    insert into conversations (conversation_id, patient_id, title, updated_at, last_sequence)
      select ${id(1, 'n')}, ${id(0, `case when n <= ${conversationCount} then 1 + n % 2 * 2 else n % ${people} end`)}, 'Conversation ' || n,
        timestamptz '2026-06-01' - n * interval '1 hour', case when n <= ${conversationCount} then ${messagesEach} else 0 end
      from generate_series(1, ${conversationCount + emptyConversations}) n;
    insert into chat_messages (message_id, conversation_id, parent_id, sequence, role, content, state, client_message_id, deleted_at, superseded_at)
      select ${id(2, 'c * 1000 + s')}, ${id(1, 'c')}, case when s > 1 then ${id(2, 'c * 1000 + s - 1')} end, s,
        case when s % 2 = 1 then 'user' else 'assistant' end, repeat('some words of a message ', 12), 'complete',
        case when s % 2 = 1 then ${id(3, 'c * 1000 + s')} end,
        case when s % 25 = 0 then now() end, case when s % 20 = 0 then now() end
      from generate_series(1, ${messagesEach}) s, generate_series(1, ${conversationCount}) c;
    analyze`)
  // The statements are taken where drizzle logs them, so that what is explained is what the product sends.
  Object.assign(database.drizzle._.session, { logger: { logQuery: (sql: string, parameters: unknown[]) => sent.push({ sql, parameters }) } })
  conversations = new ConversationsService({ database, now: () => new Date(), onHistoryChanged: async () => undefined })
  messages = new MessagesStore(database)
})
afterAll(async () => {
  await database.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** The plans of every statement that a call sends, with what they read. */
async function plansOf(call: () => Promise<unknown>): Promise<PlanNode[]> {
  sent = []
  await call()
  const statements = sent
  expect(statements.length).toBeGreaterThan(0)
  const nodes: PlanNode[] = []
  const collect = (node: PlanNode): void => {
    nodes.push(node)
    node.Plans?.forEach(collect)
  }
  for (const { sql, parameters } of statements) {
    const [row] = await database.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (analyze, timing off, format json) ${sql}`, parameters)
    collect(row!['QUERY PLAN'][0].Plan)
  }
  return nodes
}

const sequentialScans = (nodes: readonly PlanNode[]): string[] =>
  nodes.filter((node) => node['Node Type'].includes('Seq Scan') && growing.has(node['Relation Name'] ?? '')).map((node) => node['Relation Name'] ?? '')
/** Rows of the messages' table that were looked at, whether they went into the result or not. */
const messagesRead = (nodes: readonly PlanNode[]): number =>
  nodes
    .filter((node) => node['Relation Name'] === 'chat_messages')
    .reduce((sum, node) => sum + ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * (node['Actual Loops'] ?? 1), 0)

const listInput = { limit: 20, favorites_only: false } as const
const calls: Record<string, { run: () => Promise<unknown>; /** The most rows of messages that it may look at. */ reads: number }> = {
  'the last five visible messages': { run: () => messages.recent(conversationId, 5), reads: 5 },
  'the last five up to a question': { run: () => messages.recent(conversationId, 5, 51), reads: 5 },
  'the messages that left the last five': { run: () => messages.between(conversationId, 50, 60), reads: 20 },
  'the newest page of a history': { run: () => conversations.history(personId, { conversation_id: conversationId, limit: 20 }), reads: 21 + messagesEach },
  'an earlier page of a history': { run: () => conversations.history(personId, { conversation_id: conversationId, limit: 20, before: 60 }), reads: 21 + messagesEach },
  'a page of a history by its number': { run: () => conversations.history(personId, { conversation_id: conversationId, limit: 20, skip: 20 }), reads: 40 + messagesEach },
  'the list of conversations with their counts': { run: () => conversations.list(personId, listInput), reads: 21 * messagesEach },
  'one message of a person': { run: () => conversations.ownedMessage(personId, messageId(51)), reads: 1 + messagesEach },
  'the versions of a message': { run: () => conversations.versions(personId, messageId(51)), reads: 5 + messagesEach },
  'the answer to a question': { run: () => messages.answerTo(messageId(51)), reads: 5 },
  'a question by its client id': { run: () => messages.questionByClientId(uuid(3, 100 * 1000 + 51)), reads: 1 },
  'answers that a crash left open': { run: () => messages.closeInterrupted(), reads: 5 },
}

describe('no sequential scan of a table that grows', () => {
  it.each(Object.entries(calls))('%s', async (_name, { run, reads }) => {
    const nodes = await plansOf(run)
    expect(sequentialScans(nodes)).toEqual([])
    expect(messagesRead(nodes)).toBeLessThanOrEqual(reads)
  })

  it('the second page of the list', async () => {
    const { next_cursor: cursor } = await conversations.list(personId, listInput)
    const nodes = await plansOf(() => conversations.list(personId, { ...listInput, cursor: cursor! }))
    expect(sequentialScans(nodes)).toEqual([])
    expect(messagesRead(nodes)).toBeLessThanOrEqual(21 * messagesEach)
  })

  it('the last five come out of the index in order, without a sort', async () => {
    const nodes = await plansOf(() => messages.recent(conversationId, 5))
    expect(nodes.map((node) => node['Node Type']).filter((type) => type.includes('Sort'))).toEqual([])
    expect(nodes.map((node) => node['Index Name']).filter(Boolean)).toEqual(['chat_messages_visible'])
  })

  it('would be seen: a statement without an index fails this test', async () => {
    const nodes = await plansOf(() => database.drizzle.execute(`select count(*) from chat_messages where content like '%x%'`))
    expect(sequentialScans(nodes)).toEqual(['chat_messages'])
    expect(messagesRead(nodes)).toBe(conversationCount * messagesEach)
  })
})

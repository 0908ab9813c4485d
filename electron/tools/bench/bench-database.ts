/** The hot queries over a million messages, through the services that the window calls. */
import { startTestBackend } from '../../backend/testing/test-backend.js'
import { time, type BenchResult } from './measure.js'

const batch = 50_000

/** Measures list, last five and history at `messages` messages in conversations of 100. */
export async function benchDatabase(messages: number): Promise<BenchResult[]> {
  const backend = await startTestBackend({ environment: { RATE_LIMIT_PER_MINUTE: '10000000' } })
  const { session, client } = await backend.patient('+237650009997')
  const owner = session.user.patient_id
  const conversations = messages / 100
  await backend.database.query(
    `insert into conversations (conversation_id, patient_id, title, last_sequence, updated_at)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, 'Conversation ' || n, 100, now() - n * interval '1 minute' from generate_series(1, $2::int) n`,
    [owner, conversations],
  )
  for (let from = 0; from < messages; from += batch) {
    await backend.database.query(
      `insert into chat_messages (message_id, conversation_id, sequence, role, content, state)
       select gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(to_hex(1 + n / 100), 12, '0'))::uuid, 1 + n % 100,
         case n % 2 when 0 then 'user' else 'assistant' end, 'Message ' || n || ' of ordinary length, as a patient or the assistant writes it.', 'complete'
       from generate_series($1::int, $2::int) n`,
      [from, Math.min(from + batch, messages) - 1],
    )
  }
  await backend.database.execute('vacuum analyze')
  const size = `${(messages / 1e6).toFixed(messages < 1e6 ? 2 : 0)} M messages`
  const id = (index: number): string => `00000000-0000-7000-8000-${(1 + (Math.abs(index) * 7919) % conversations).toString(16).padStart(12, '0')}`
  const select = await time(500, () => backend.database.query('select 1'))
  const reference = { name: 'select 1', value: select }
  const results: BenchResult[] = [
    { name: `last five messages, ${size}`, value: await time(500, (index) => client.conversations.history({ conversation_id: id(index), limit: 5 })), unit: 'ms', reference },
    { name: `list of 20 conversations with counts, ${size}`, value: await time(200, () => client.conversations.list({ limit: 20 })), unit: 'ms', reference },
    { name: `a page of 50 messages of history, ${size}`, value: await time(200, (index) => client.conversations.history({ conversation_id: id(index), limit: 50, before: 90 })), unit: 'ms', reference },
  ]
  await backend.remove()
  return results
}

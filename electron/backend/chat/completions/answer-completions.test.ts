/** The queue of answers that wait for a model, on a real backend whose provider goes away and comes back. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatChange } from '../../../../shared/contract/chat.js'
import type { Client } from '../../../../shared/contract/client.js'
import { consentVersion } from '../../../../shared/contract/consent.js'
import { FakeProviderServer } from '../../providers/fake/fake-provider-server.js'
import { startTestBackend, type TestBackend } from '../../testing/test-backend.js'

const question = 'How can I protect my family from malaria?'
const limits = { lookMs: 20, firstPauseMs: 40, longestPauseMs: 60, attempts: 2 }
let fake: FakeProviderServer
let backend: TestBackend
let clock = 0
const now = (): Date => new Date(Date.now() + clock)
let nurse: Client
let patient: Client
let endWatch = new AbortController()
let changes: ChatChange[] = []
let people = 0

const start = (dataFolder?: string) =>
  startTestBackend({ model: false, environment: { LOCAL_LLM_BASE_URL: `${fake.address}/v1` }, completionLimits: limits, now, ...(dataFolder ? { dataFolder } : {}) })

async function makeNurse(): Promise<Client> {
  const phone = `+2376500200${String(10 + people++)}`
  const { session } = await backend.patient(phone)
  await backend.database.query("update users set role = 'nurse' where patient_id = $1", [session.user.patient_id])
  return backend.client(await backend.client().accounts.signIn({ phone_number: phone, password: 'a fine long password' }))
}
async function watch(client: Client): Promise<void> {
  endWatch = new AbortController()
  changes = []
  let begun = (): void => undefined
  const watching = new Promise<void>((resolve) => (begun = resolve))
  void client.chat.watch({}, { signal: endWatch.signal, onEvent: (change) => (change.type === 'watching' ? begun() : void changes.push(change)) }).catch(() => undefined)
  await watching
}
/** Asks while no provider answers. */
async function askOffline(client: Client, message = question) {
  fake.setMode('unauthorized')
  const response = await client.chat.send({ message })
  expect(response.assistant_message.message_metadata).toMatchObject({ answered_by: 'passages', passages_because: 'unreachable' })
  return response
}
const stateOf = async (client: Client, conversation_id: string) => (await client.chat.completions({ conversation_id })).completions[0]
const until = <Value>(read: () => Promise<Value>, expected: (value: Value) => boolean): Promise<Value> =>
  vi.waitFor(
    async () => {
      const value = await read()
      if (!expected(value)) throw new Error(`not yet: ${JSON.stringify(value)}`)
      return value
    },
    { timeout: 40_000, interval: 15 },
  )

beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 0 })
  backend = await start()
  patient = (await backend.patient('+237650020001')).client
})
afterAll(async () => {
  await backend.remove()
  await fake.close()
})
beforeEach(async () => {
  nurse = await makeNurse()
})
afterEach(() => {
  endWatch.abort()
  clock = 0
})

describe('a nurse’s question without a provider', () => {
  it('is completed by itself when one answers again, in the open window, and the earlier answer stays as a version', async () => {
    await watch(nurse)
    const { conversation_id, user_message, assistant_message: before } = await askOffline(nurse)
    const later = await nurse.chat.send({ message: 'Bonjour', conversation_id })
    expect((await stateOf(nurse, conversation_id))?.state).toBe('queued')
    fake.setMode('normal')
    const change = await until(async () => changes.find((one) => one.type === 'completed'), (one) => one !== undefined)
    expect(change).toMatchObject({
      replaces: before.message_id,
      conversation: { conversation_id },
      message: { state: 'complete', parent_id: user_message.message_id, sequence: before.sequence, message_metadata: { answered_by: 'provider', provider: 'local', completes: before.message_id } },
    })
    const { messages } = await nurse.conversations.history({ conversation_id })
    // In its place in the history, before what came after it.
    expect(messages.map((message) => message.sequence)).toEqual([1, 2, 3, 4])
    expect(messages[1]?.content).toContain('[1]')
    expect(messages[3]?.message_id).toBe(later.assistant_message.message_id)
    const { versions } = await nurse.conversations.versions({ message_id: messages[1]?.message_id ?? '' })
    expect(versions.map((version) => version.message_id)).toEqual([before.message_id, messages[1]?.message_id])
    expect(await stateOf(nurse, conversation_id)).toBeUndefined()
    await expect(nurse.chat.complete({ message_id: before.message_id })).rejects.toMatchObject({ code: 'answer_not_pending' })
    // The prompt is kept with the new answer.
    expect((await nurse.memory.prompt({ message_id: messages[1]?.message_id ?? '' })).messages.at(-1)?.content).toBe(question)
  })

  it('is not completed once it was deleted, edited or answered anew', async () => {
    const deleted = await askOffline(nurse)
    const edited = await askOffline(nurse)
    const again = await askOffline(nurse)
    await nurse.conversations.deleteMessage({ message_id: deleted.user_message.message_id })
    await nurse.chat.edit({ message_id: edited.user_message.message_id, message: 'Bonjour' })
    await nurse.conversations.delete({ conversation_id: again.conversation_id })
    const asked = fake.requests.length
    fake.setMode('normal')
    const rows = () => backend.database.query<{ state: string; reason: string | null }>('select state, reason from answer_completions where message_id = any($1)', [[deleted, edited, again].map((one) => one.assistant_message.message_id)])
    expect(await until(rows, (all) => all.every((row) => row.state !== 'queued'))).toEqual(Array(3).fill({ state: 'given_up', reason: 'changed' }))
    // At most the attempt that was under way.
    expect(fake.requests.length - asked).toBeLessThanOrEqual(1)
    expect((await nurse.conversations.history({ conversation_id: edited.conversation_id })).messages).toHaveLength(2)
  })

  it('waits out an outage however long, and is given up with a reason when providers answer without an answer', async () => {
    const { conversation_id } = await askOffline(nurse)
    await until(async () => fake.requests.length, (count) => count > 4)
    expect(await stateOf(nurse, conversation_id)).toMatchObject({ state: 'queued', attempts: 0 })
    fake.script('You definitely have malaria.', 'You definitely have malaria.')
    fake.setMode('normal')
    expect(await until(() => stateOf(nurse, conversation_id), (one) => one?.state === 'given_up')).toMatchObject({ attempts: 2, reason: 'withheld', next_try_at: null })
    expect((await nurse.conversations.history({ conversation_id })).messages[1]?.message_metadata.answered_by).toBe('passages')
    // A tap begins anew.
    const [message] = (await nurse.chat.completions({ conversation_id })).completions
    expect(await nurse.chat.complete({ message_id: message?.message_id ?? '' })).toMatchObject({ state: 'queued', attempts: 0, reason: null })
    await until(async () => (await nurse.conversations.history({ conversation_id })).messages[1]?.message_metadata.answered_by, (by) => by === 'provider')
  })

  it('is given up when it is a week old', async () => {
    const { conversation_id } = await askOffline(nurse)
    await backend.database.query("update answer_completions set created_at = now() - interval '8 days' where conversation_id = $1", [conversation_id])
    expect(await until(() => stateOf(nurse, conversation_id), (one) => one?.state === 'given_up')).toMatchObject({ reason: 'too_old' })
  })

  it('survives the end of the process in the middle of an attempt', async () => {
    const { conversation_id } = await askOffline(nurse)
    fake.setMode('hang')
    const asked = fake.requests.length
    await until(async () => fake.requests.length, (count) => count > asked)
    const { dataFolder } = backend
    await backend.close()
    fake.setMode('normal')
    backend = await start(dataFolder)
    const row = async () => (await backend.database.query<{ state: string }>('select state from answer_completions where conversation_id = $1', [conversation_id]))[0]?.state
    expect(await until(row, (state) => state === 'completed')).toBe('completed')
    const messages = await backend.database.query<{ state: string; superseded: boolean }>('select state, superseded_at is not null superseded from chat_messages where conversation_id = $1 order by message_id', [conversation_id])
    expect(messages).toEqual([{ state: 'complete', superseded: false }, { state: 'complete', superseded: true }, { state: 'complete', superseded: false }])
    patient = backend.client(await backend.client().accounts.signIn({ phone_number: '+237650020001', password: 'a fine long password' }))
  })
})

describe('a patient’s question without a provider', () => {
  it('waits for a tap', async () => {
    const { conversation_id, assistant_message } = await askOffline(patient)
    expect(await stateOf(patient, conversation_id)).toMatchObject({ state: 'waiting', next_try_at: null })
    fake.setMode('normal')
    await expect(nurse.chat.complete({ message_id: assistant_message.message_id })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(nurse.chat.completions({ conversation_id })).rejects.toMatchObject({ code: 'forbidden' })
    await watch(patient)
    await patient.chat.complete({ message_id: assistant_message.message_id })
    await until(async () => changes.some((one) => one.type === 'completed'), Boolean)
  })

  it('is completed as they chose', async () => {
    await patient.settings.updatePreferences({ complete_answers: 'never' })
    const never = await askOffline(patient)
    expect(await stateOf(patient, never.conversation_id)).toBeUndefined()
    await patient.settings.updatePreferences({ complete_answers: 'automatic' })
    const automatic = await askOffline(patient)
    expect((await stateOf(patient, automatic.conversation_id))?.state).toBe('queued')
    fake.setMode('normal')
    await until(async () => (await patient.conversations.history({ conversation_id: automatic.conversation_id })).messages[1]?.message_metadata.answered_by, (by) => by === 'provider')
    await patient.settings.updatePreferences({ complete_answers: null })
  })

  it('is not kept for a greeting or an emergency', async () => {
    fake.setMode('unauthorized')
    const greeting = await patient.chat.send({ message: 'Bonjour' })
    const emergency = await patient.chat.send({ message: 'My father cannot breathe and his lips are blue' })
    for (const { conversation_id } of [greeting, emergency]) expect(await stateOf(patient, conversation_id)).toBeUndefined()
  })
})

describe('without consent', () => {
  it('nothing goes to the cloud later either', async () => {
    const cloud = await startTestBackend({ model: false, environment: { GROQ_API_KEY: 'k', GROQ_BASE_URL: fake.address }, completionLimits: limits })
    try {
      const { client } = await cloud.patient('+237650020002')
      await client.settings.updatePreferences({ complete_answers: 'automatic' })
      fake.setMode('unauthorized')
      const { conversation_id } = await client.chat.send({ message: question })
      await client.consent.set({ given: false, version: consentVersion, language: 'en' })
      fake.setMode('normal')
      const asked = fake.requests.length
      expect(await until(async () => (await client.chat.completions({ conversation_id })).completions[0], (one) => one?.state === 'given_up')).toMatchObject({ reason: 'no_consent' })
      expect(fake.requests.length - asked).toBeLessThanOrEqual(1)
      expect((await client.conversations.history({ conversation_id })).messages[1]?.message_metadata.answered_by).toBe('passages')
    } finally {
      await cloud.remove()
    }
  })
})

describe('watching', () => {
  it('tells nobody else, and ends with the session', async () => {
    await watch(patient)
    await askOffline(nurse)
    expect(changes).toEqual([])
    const guest = backend.client(await backend.client().accounts.continueAsGuest({}))
    const told: ChatChange[] = []
    let begun = (): void => undefined
    const watching = new Promise<void>((resolve) => (begun = resolve))
    const ended = guest.chat.watch({}, { onEvent: (change) => (change.type === 'watching' ? begun() : void told.push(change)) })
    await watching
    await askOffline(guest)
    await vi.waitFor(() => expect(told).toMatchObject([{ type: 'completion', completion: { state: 'waiting' } }]))
    await guest.accounts.signOut({})
    await backend.close()
    expect(await ended).toEqual({})
    backend = await start(backend.dataFolder)
  })
})

import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../shared/contract/accounts.js'
import type { Client } from '../../../shared/contract/client.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'

let backend: TestBackend
let patient: Client
let other: Client
let nurse: Client

beforeAll(async () => {
  backend = await startTestBackend({ model: false })
  const password = 'a fine long password'
  const setup_code = fs.readFileSync(path.join(backend.dataFolder, 'administrator-setup-code'), 'utf8')
  await backend.client().accounts.setUpAdministrator({ full_name: 'Admin', phone_number: '+237650000400', password, setup_code })
  const administrator: Session = await backend.client().accounts.signIn({ phone_number: '+237650000400', password })
  await backend.client(administrator).accounts.createStaff({ full_name: 'Nurse', phone_number: '+237650000401', password, role: 'nurse' })
  nurse = backend.client(await backend.client().accounts.signIn({ phone_number: '+237650000401', password }))
  patient = (await backend.patient('+237650000402')).client
  other = (await backend.patient('+237650000403')).client
})
afterAll(() => backend.remove())

describe('what is remembered', () => {
  it('is shown to the owner, can be forgotten and brought back', async () => {
    const { conversation_id } = await patient.chat.send({ message: 'I am allergic to penicillin. I take metformin 500 mg.' })
    await patient.chat.send({ message: 'Metformin is 850 mg now, sorry.', conversation_id })
    const { facts } = await patient.memory.remembered({ conversation_id })
    expect(facts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['allergy', 'medicine']))
    expect(facts.every(({ superseded_by }) => superseded_by === null)).toBe(true)
    const allergy = facts.find(({ kind }) => kind === 'allergy')
    const fact_id = allergy?.fact_id ?? ''
    const { restorable_until } = await patient.memory.forget({ fact_id })
    expect(Date.parse(restorable_until)).toBeGreaterThan(Date.now())
    expect((await patient.memory.remembered({ conversation_id })).facts.map(({ kind }) => kind)).not.toContain('allergy')
    await patient.memory.restore({ fact_id })
    expect((await patient.memory.remembered({ conversation_id })).facts.map(({ kind }) => kind)).toContain('allergy')
  })

  it('is nobody else’s business', async () => {
    const { conversation_id } = await patient.chat.send({ message: 'I have asthma.' })
    const [fact] = (await patient.memory.remembered({ conversation_id })).facts
    const fact_id = fact?.fact_id ?? ''
    for (const stranger of [other, nurse]) {
      await expect(stranger.memory.remembered({ conversation_id })).rejects.toMatchObject({ code: 'forbidden' })
      await expect(stranger.memory.forget({ fact_id })).rejects.toMatchObject({ code: 'forbidden' })
      await expect(stranger.memory.restore({ fact_id })).rejects.toMatchObject({ code: 'forbidden' })
    }
    const nothing = '01890a5d-ac96-774b-bcce-b302099a8057'
    await expect(patient.memory.remembered({ conversation_id: nothing })).rejects.toMatchObject({ code: 'not_found' })
    await expect(patient.memory.forget({ fact_id: nothing })).rejects.toMatchObject({ code: 'not_found' })
    await expect(backend.client().memory.remembered({ conversation_id })).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('shows staff what was corrected in their own conversations', async () => {
    const { conversation_id } = await nurse.chat.send({ message: 'The patient takes metformin 500 mg.' })
    await nurse.chat.send({ message: 'Sorry, metformin is 850 mg.', conversation_id })
    const { facts } = await nurse.memory.remembered({ conversation_id })
    expect(facts.find(({ superseded_by }) => superseded_by !== null)?.value).toContain('500 mg')
  })
})

describe('the prompt as sent', () => {
  it('is for staff, of their own answers', async () => {
    const { user_message, assistant_message } = await nurse.chat.send({ message: 'Hello' })
    const { message_id } = assistant_message
    await expect(nurse.memory.prompt({ message_id })).rejects.toMatchObject({ code: 'not_found' })
    await expect(nurse.memory.prompt({ message_id: user_message.message_id })).rejects.toMatchObject({ code: 'not_found' })
    await expect(patient.memory.prompt({ message_id })).rejects.toMatchObject({ code: 'forbidden' })
    await backend.database.query('insert into sent_prompts (message_id, messages) values ($1, $2)', [message_id, JSON.stringify([{ role: 'user', content: 'Hello' }])])
    expect((await nurse.memory.prompt({ message_id })).messages).toEqual([{ role: 'user', content: 'Hello' }])
    const theirs = await patient.chat.send({ message: 'Hello' })
    await expect(nurse.memory.prompt({ message_id: theirs.assistant_message.message_id })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

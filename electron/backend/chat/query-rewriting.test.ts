/** A question that finds nothing is searched for again in a provider's words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../shared/contract/client.js'
import { consentVersion } from '../../../shared/contract/consent.js'
import { FakeProviderServer } from '../providers/fake/fake-provider-server.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'

let fake: FakeProviderServer
let backend: TestBackend
let client: Client
/** Medical, and in no document: the word is invented. */
const unknown = 'Doctor, my zorblaxitis is paining qwzx, call me on 650 11 22 33'
const wanted = { threshold: 0.3 }

beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 0, retryAfter: '0' })
  backend = await startTestBackend({ model: false, environment: fake.environment })
  client = (await backend.patient('+237650010077')).client
  await client.consent.set({ given: true, version: consentVersion, language: 'en' })
})
afterAll(async () => {
  await backend.remove()
  await fake.close()
})

describe('a question that found nothing', () => {
  it('is searched for in the provider’s words; what identifies stays on the device', async () => {
    fake.requests.length = 0
    fake.script({ say: 'snake bite first aid' })
    fake.script({ say: 'Go to the emergency department.' })
    const { assistant_message: answer } = await client.chat.send({ message: unknown, ...wanted })
    expect(answer.message_metadata.search_results?.map((result) => result.document_id)).toContain('snake-bite')
    expect(JSON.stringify(fake.requests.map(({ body }) => body))).not.toMatch(/650 ?11 ?22 ?33/)
  })

  it('stays without passages when the provider gives no line to search for', async () => {
    fake.script({ say: 'I am not able to rewrite this. '.repeat(20) })
    fake.script({ say: 'Please ask at reception.' })
    const { assistant_message: answer } = await client.chat.send({ message: unknown, ...wanted })
    expect(answer.message_metadata.search_results ?? []).toEqual([])
    expect(answer.content).not.toBe('')
  })
})

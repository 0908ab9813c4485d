import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../shared/contract/client.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'
import { SettingsService } from './settings-service.js'

let backend: TestBackend
let client: Client
let administrator: Client

beforeAll(async () => {
  backend = await startTestBackend({ model: false })
  client = (await backend.patient('+237650004001')).client
  const setup_code = fs.readFileSync(path.join(backend.dataFolder, 'administrator-setup-code'), 'utf8')
  const account = { phone_number: '+237650004002', password: 'a fine long password' }
  await backend.client().accounts.setUpAdministrator({ ...account, full_name: 'Admin', setup_code })
  administrator = backend.client(await backend.client().accounts.signIn(account))
})
afterAll(() => backend.remove())

const defaults = { theme: 'system', provider: null, model: null, temperature: null, use_rag: true, complete_answers: null, send_voice_at_once: false }

describe('preferences', () => {
  it('are each person’s own, with defaults, and change one by one', async () => {
    expect(await client.settings.preferences({})).toEqual(defaults)
    expect(await client.settings.updatePreferences({ theme: 'dark', temperature: 0.5 })).toEqual({ ...defaults, theme: 'dark', temperature: 0.5 })
    expect(await client.settings.updatePreferences({ temperature: null })).toEqual({ ...defaults, theme: 'dark' })
    expect(await client.settings.preferences({})).toEqual({ ...defaults, theme: 'dark' })
    expect(await administrator.settings.preferences({})).toEqual(defaults)
  })

  it('lose no change to another that comes at the same time', async () => {
    await Promise.all([client.settings.updatePreferences({ theme: 'light' }), client.settings.updatePreferences({ use_rag: false }), client.settings.updatePreferences({ provider: 'gemini' }), client.settings.updatePreferences({ model: 'm' })])
    expect(await client.settings.preferences({})).toEqual({ theme: 'light', use_rag: false, provider: 'gemini', model: 'm', temperature: null, complete_answers: null, send_voice_at_once: false })
  })

  it('fall back to the defaults where what is kept is not readable', async () => {
    const { client: someone, session } = await backend.patient('+237650004003')
    await someone.settings.updatePreferences({ theme: 'dark' })
    for (const value of ['"text"', '{"theme":"plaid"}', '[]', '7', 'null']) {
      await backend.database.query('update settings set value = $2::jsonb where scope = $1', [session.user.patient_id, value])
      expect(await someone.settings.preferences({}), value).toEqual(defaults)
      expect(await someone.settings.updatePreferences({ use_rag: false }), value).toEqual({ ...defaults, use_rag: false })
      expect(await someone.settings.preferences({}), value).toEqual({ ...defaults, use_rag: false })
    }
  })
})

describe('settings of the device', () => {
  it('are the administrator’s to change, and shown before anybody signs in where they must be', async () => {
    expect(await administrator.settings.device({})).toEqual({ emergency_number: '', idle_minutes: 15, clinical_summaries_path: '', watch_folder: '', content_policy: 'all', speech_model_folder: '' })
    expect((await new SettingsService(backend.database, { kiosk: true }).device()).idle_minutes).toBe(2)
    await administrator.settings.updateDevice({ emergency_number: ' 119 ', idle_minutes: 5 })
    expect(await backend.client().system.info({})).toMatchObject({ emergency_number: '119', idle_minutes: 5, has_administrator: true, mode: 'serve', key_store: 'file', notices: [] })
    await Promise.all([administrator.settings.updateDevice({ emergency_number: '112' }), administrator.settings.updateDevice({ idle_minutes: 0 })])
    expect(await administrator.settings.device({})).toMatchObject({ emergency_number: '112', idle_minutes: 0 })
    await expect(client.settings.device({})).rejects.toMatchObject({ code: 'forbidden' })
    await expect(administrator.settings.updateDevice({ idle_minutes: 241 })).rejects.toMatchObject({ fields: [{ field: 'idle_minutes', code: 'too_large' }] })
  })

  it('of other domains are kept under keys of their own', async () => {
    const store = new SettingsService(backend.database)
    expect(await store.read('something')).toBeNull()
    for (const value of [{ order: ['groq'] }, [1, 2], 'text', 7, false]) {
      await store.write('something', value)
      expect(await store.read('something')).toEqual(value)
    }
    expect(await administrator.settings.device({})).toMatchObject({ emergency_number: '112' })
  })
})

import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../shared/contract/client.js'
import type { VoiceEvent } from '../../../shared/contract/voice.js'
import { createLogger } from '../logging/logger.js'
import { FakeProviderServer } from '../providers/fake/fake-provider-server.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'
import { readServerSentEvents, startTestServer, type TestServer } from '../testing/test-server.js'
import { makeMp3, makeWav, makeWebm } from './testing/make-audio.js'
import { makeWhisper } from './testing/make-whisper.js'

let fake: FakeProviderServer
let backend: TestBackend
let server: TestServer
let client: Client
let token: string
let cautious: Client
const logged: string[] = []
const spoken = 'How can I protect my family from malaria?'

beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 0, retryAfter: '9', slowMs: 5_000 })
  const logger = createLogger('trace', { write: (line) => void logged.push(line) })
  backend = await startTestBackend({ model: false, logger, environment: { GROQ_API_KEY: 'fake-groq-key', GROQ_BASE_URL: fake.address } })
  server = await startTestServer(backend)
  const person = await backend.patient('+237650000601', { fullName: 'Ngo Bassa Élise' })
  client = person.client
  token = person.session.access_token
  cautious = (await backend.patient('+237650000602', { consent: false })).client
})
afterAll(async () => {
  await server.close()
  await backend.remove()
  await fake.close()
})
beforeEach(() => {
  fake.recordings.length = 0
  fake.requests.length = 0
})
afterEach(() => fake.setMode('normal'))

const recording = { audio: makeWav({ seconds: 2 }), file_name: 'Élise my secret.wav' }
const refused = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'nothing was refused',
    (error: { code?: string }) => error.code,
  )

describe('transcription', () => {
  it('gives the text, its language and how sure it is; the recording goes out in its true format under no name of the person’s', async () => {
    fake.hear({ text: "J'ai de la fièvre depuis trois jours", language: 'French', avgLogprob: -0.2 })
    expect(await client.voice.transcribe(recording)).toEqual({
      transcribed_text: "J'ai de la fièvre depuis trois jours",
      detected_language: 'fr',
      confidence: Math.exp(-0.2),
      duration_s: 2,
      engine: 'groq',
      model: 'whisper-large-v3-turbo',
    })
    const [sent] = fake.recordings
    expect(sent).toMatchObject({ fileName: 'recording.wav', model: 'whisper-large-v3-turbo', responseFormat: 'verbose_json', language: null, size: recording.audio.length, apiKey: 'fake-groq-key' })
    expect(Buffer.from(sent?.head ?? []).toString('latin1', 0, 4)).toBe('RIFF')
    await client.voice.transcribe({ audio: makeWebm(), language: 'fr' })
    expect(fake.recordings[1]).toMatchObject({ fileName: 'recording.webm', language: 'fr' })
  })

  it('goes to no cloud without consent', async () => {
    expect(await refused(cautious.voice.transcribe(recording))).toBe('speech_needs_consent')
    expect(await refused(cautious.voice.ask(recording))).toBe('speech_needs_consent')
    expect(fake.recordings).toEqual([])
  })

  it('refuses what is no recording before anything leaves', async () => {
    const wrong: [Uint8Array, string][] = [
      [new Uint8Array(), 'audio_empty'],
      [new Uint8Array(Buffer.from('a text that is no sound')), 'audio_type_not_supported'],
      [makeWav({ level: 0 }), 'audio_without_speech'],
      [new Uint8Array(25 * 1024 * 1024 + 1), 'audio_too_large'],
    ]
    for (const [audio, code] of wrong) expect(await refused(client.voice.transcribe({ audio })), code).toBe(code)
    expect(await refused(client.voice.transcribe({ audio: 'text' as unknown as Uint8Array }))).toBe('validation_failed')
    expect(fake.recordings).toEqual([])
  })

  it('says that no words were heard when there were none', async () => {
    fake.enqueue('empty')
    expect(await refused(client.voice.transcribe(recording))).toBe('audio_without_speech')
    fake.hear({ text: 'Thank you for watching!', avgLogprob: -1.4, noSpeechProb: 0.95 })
    expect(await refused(client.voice.transcribe(recording))).toBe('audio_without_speech')
    fake.hear('… — ?')
    expect(await refused(client.voice.transcribe(recording))).toBe('audio_without_speech')
  })

  it('is tried again after a passing failure and gives up with a code of its own', async () => {
    fake.enqueue('server-error')
    expect((await client.voice.transcribe(recording)).transcribed_text).toBe(spoken)
    expect(fake.recordings).toHaveLength(2)
    for (const mode of ['malformed', 'unauthorized'] as const) {
      fake.enqueue(mode)
      expect(await refused(client.voice.transcribe(recording)), mode).toBe('speech_unavailable')
    }
    fake.enqueue('refused')
    expect(await refused(client.voice.transcribe(recording))).toBe('audio_unreadable')
    fake.setMode('always-rate-limited')
    await expect(client.voice.transcribe(recording)).rejects.toMatchObject({ code: 'speech_unavailable', retryAfterS: 9 })
  })

  it('stops when the person stops it', async () => {
    fake.enqueue('slow')
    const controller = new AbortController()
    const running = refused(client.voice.transcribe(recording, { signal: controller.signal }))
    await expect.poll(() => fake.recordings.length, { timeout: 20_000 }).toBe(1)
    controller.abort()
    expect(await running).toBe('cancelled')
  })
})

describe('asking by voice', () => {
  it('tells what was understood, then answers it as a question in the language that was spoken', async () => {
    fake.hear({ text: 'Comment protéger ma famille du paludisme ?', language: 'French' })
    const events: VoiceEvent[] = []
    const answer = await client.voice.ask(recording, { onEvent: (event) => void events.push(event) })
    expect(events.slice(0, 2).map((event) => event.type)).toEqual(['transcription', 'accepted'])
    expect(events.at(-1)?.type).toBe('final')
    expect(answer).toMatchObject({ transcribed_text: 'Comment protéger ma famille du paludisme ?', detected_language: 'fr', engine: 'groq' })
    expect(answer.user_message.content).toBe('Comment protéger ma famille du paludisme ?')
    expect(answer.assistant_message.message_metadata.language).toBe('fr')
    const again = await client.voice.ask({ ...recording, conversation_id: answer.conversation_id })
    expect(again.conversation_id).toBe(answer.conversation_id)
  })

  it('stores nothing when nothing was understood, and hears nothing for somebody else’s conversation', async () => {
    const before = (await client.conversations.list({})).conversations.length
    fake.enqueue('empty')
    expect(await refused(client.voice.ask(recording))).toBe('audio_without_speech')
    expect((await client.conversations.list({})).conversations).toHaveLength(before)
    const { conversation_id } = await cautious.conversations.create({})
    fake.recordings.length = 0
    expect(await refused(client.voice.ask({ ...recording, conversation_id }))).toBe('forbidden')
    expect(await refused(client.voice.ask({ ...recording, conversation_id: randomUUID() }))).toBe('not_found')
    expect(fake.recordings).toEqual([])
  })
})

describe('document A’s paths', () => {
  const post = async (path: string, fields: Record<string, string | Uint8Array>, headers: Record<string, string> = {}): Promise<Response> => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') form.append(name, value)
      else form.append(name, new Blob([value as Uint8Array<ArrayBuffer>]), 'voice.m4a')
    }
    return fetch(`${server.url}${path}`, { method: 'POST', body: form, headers: { Authorization: `Bearer ${token}`, ...headers } })
  }

  it('take a form: text alone, text and answer, text and answer as a stream', async () => {
    const simple = await post('/api/transcribe/simple/', { audio: recording.audio })
    expect(simple.status).toBe(200)
    expect(await simple.json()).toMatchObject({ transcribed_text: spoken, detected_language: 'en', confidence: expect.closeTo(Math.exp(-0.12), 6) as number })
    const whole = (await (await post('/api/transcribe/', { audio: makeMp3(2), provider: 'groq' })).json()) as { conversation_id: string }
    expect(whole).toMatchObject({ transcribed_text: spoken, user_message: { content: spoken }, assistant_message: { role: 'assistant', state: 'complete' } })
    const streamed = await post('/api/transcribe/', { audio: recording.audio, conversation_id: whole.conversation_id }, { Accept: 'text/event-stream' })
    const events = readServerSentEvents(await streamed.text())
    expect(events[0]?.data).toMatchObject({ type: 'transcription', transcription: { transcribed_text: spoken } })
    expect(events.at(-1)).toMatchObject({ event: 'result', data: { conversation_id: whole.conversation_id } })
  })

  it('answer with a status and a sentence in the caller’s language', async () => {
    const french = await post('/api/transcribe/simple/', { audio: new Uint8Array(Buffer.from('text')) }, { 'Accept-Language': 'fr' })
    expect(french.status).toBe(400)
    expect(await french.json()).toMatchObject({ code: 'audio_type_not_supported', detail: expect.stringContaining('Ce type de fichier') as string })
    expect((await post('/api/transcribe/simple/', { audio: new Uint8Array(25 * 1024 * 1024 + 1) })).status).toBe(413)
    expect((await post('/api/transcribe/simple/', { file_name: 'no audio' })).status).toBe(400)
    expect((await post('/api/transcribe/', { audio: recording.audio, provider: 'chatgpt' })).status).toBe(400)
    expect((await fetch(`${server.url}/api/transcribe/`, { method: 'POST', body: new FormData() })).status).toBe(401)
  })

  it('tell the formats', async () => {
    const { status, json } = await server.request('/api/transcribe/supported-formats/')
    expect(status).toBe(200)
    expect(json).toEqual({
      supported_formats: ['mp3', 'wav', 'm4a', 'flac', 'ogg', 'webm'],
      max_file_size_mb: 25,
      max_duration_s: 600,
      engines: [{ engine: 'groq', model: 'whisper-large-v3-turbo', cloud: true }],
    })
  })
})

describe('translation', () => {
  const ask = async (): Promise<string> => (await client.chat.send({ message: spoken, language: 'en' })).assistant_message.message_id

  it('is made once, by placeholders for names, and is kept', async () => {
    const { user_message: question } = await client.chat.send({ message: 'My name is Ngo Bassa Élise and I have had a fever of 39.5 °C for 3 days.', language: 'en' })
    fake.requests.length = 0
    fake.script({ say: (messages: readonly { content: string }[]) => `Je m’appelle ${/\[NAME_\d+\]/.exec(messages.at(-1)?.content ?? '')?.[0] ?? '?'} et j’ai une fièvre de 39,5 °C depuis 3 jours.` })
    const first = await client.voice.translate({ message_id: question.message_id, language: 'fr' })
    expect(first).toMatchObject({ language: 'fr', machine: true, provider: 'groq', text: 'Je m’appelle Ngo Bassa Élise et j’ai une fièvre de 39,5 °C depuis 3 jours.' })
    expect(JSON.stringify(fake.requests[0]?.messages)).not.toContain('Bassa')
    expect(fake.requests[0]?.messages[0]?.content).toContain('français')
    fake.setMode('unauthorized')
    expect(await client.voice.translate({ message_id: question.message_id, language: 'fr' })).toEqual(first)
    expect(await client.voice.translate({ message_id: question.message_id })).toEqual(first)
    expect(fake.requests).toHaveLength(1)
  })

  it('that changed a dose is tried once more and then thrown away', async () => {
    const { user_message: question } = await client.chat.send({ message: 'Can I take 500 mg of paracetamol with my other medicines?', language: 'en' })
    fake.requests.length = 0
    fake.script('Puis-je prendre 50 mg de paracétamol ?', 'Puis-je prendre 500 mg de paracétamol avec mes autres médicaments ?')
    expect((await client.voice.translate({ message_id: question.message_id, language: 'fr' })).text).toContain('500 mg')
    expect(fake.requests).toHaveLength(2)
    const { user_message: other } = await client.chat.send({ message: 'Can I take 250 mg of it with food and the other one?', language: 'en' })
    fake.script('Puis-je prendre 25 mg ?', 'Puis-je prendre 25 mg ?')
    expect(await refused(client.voice.translate({ message_id: other.message_id, language: 'fr' }))).toBe('translation_unreliable')
    fake.script('Puis-je en prendre 250 mg avec de la nourriture et l’autre ?')
    expect((await client.voice.translate({ message_id: other.message_id, language: 'fr' })).text).toContain('250 mg')
  })

  it('is refused into the same language, without consent, for somebody else and when nobody answers', async () => {
    const answer = await ask()
    expect(await refused(client.voice.translate({ message_id: answer, language: 'en' }))).toBe('same_language')
    expect(await refused(cautious.voice.translate({ message_id: answer, language: 'fr' }))).toBe('forbidden')
    expect(await refused(client.voice.translate({ message_id: randomUUID(), language: 'fr' }))).toBe('not_found')
    const own = await cautious.chat.send({ message: 'What is the malaria that people talk about?', language: 'en' })
    expect(await refused(cautious.voice.translate({ message_id: own.user_message.message_id, language: 'fr' }))).toBe('translation_needs_consent')
    fake.setMode('unauthorized')
    expect(await refused(client.voice.translate({ message_id: answer, language: 'fr' }))).toBe('translation_unavailable')
    fake.setMode('normal')
    fake.enqueue('cut')
    expect(await refused(client.voice.translate({ message_id: answer, language: 'fr' }))).toBe('translation_unavailable')
  })

  it('is erased with its message', async () => {
    const [count] = await backend.database.query<{ kept: number }>('select count(*)::int as kept from message_translations')
    expect(count?.kept).toBeGreaterThan(0)
    await backend.database.execute('delete from conversations')
    const [after] = await backend.database.query<{ kept: number }>('select count(*)::int as kept from message_translations')
    expect(after?.kept).toBe(0)
  })
})

describe('nothing that was said', () => {
  it('is in a log', () => {
    const log = logged.join('')
    expect(log).toContain('voice.transcribe')
    for (const text of [spoken, 'fièvre', 'my secret', 'Bassa', 'RIFF']) expect(log).not.toContain(text)
  })
})

describe('without anybody who hears', () => {
  it('speech says so at once, and translation too', async () => {
    const offline = await startTestBackend({ model: false })
    try {
      const { client: alone } = await offline.patient('+237650000603')
      expect((await alone.voice.formats({})).engines).toEqual([])
      expect(await refused(alone.voice.transcribe(recording))).toBe('speech_not_set_up')
      const { user_message: question } = await alone.chat.send({ message: 'What is the malaria that people talk about?', language: 'en' })
      expect(await refused(alone.voice.translate({ message_id: question.message_id, language: 'fr' }))).toBe('translation_unavailable')
    } finally {
      await offline.remove()
    }
  })
})

describe('a device with a model of its own', () => {
  it('hears WAV without network and without consent, says what it cannot decode, and is left for Groq when its model breaks', async () => {
    const device = await startTestBackend({ model: false })
    const folder = path.join(device.dataFolder, 'whisper')
    makeWhisper(folder)
    try {
      const setup_code = fs.readFileSync(path.join(device.dataFolder, 'administrator-setup-code'), 'utf8')
      const administrator = { phone_number: '+237650000605', password: 'a fine long password' }
      await device.client().accounts.setUpAdministrator({ ...administrator, full_name: 'Admin', setup_code })
      const session = await device.client().accounts.signIn(administrator)
      await device.client(session).settings.updateDevice({ speech_model_folder: folder })
      const { client: person } = await device.patient('+237650000606', { consent: false })
      expect((await person.voice.formats({})).engines).toEqual([{ engine: 'device', model: 'whisper-of-tests', cloud: false }])
      expect(await person.voice.ask(recording)).toMatchObject({ engine: 'device', transcribed_text: 'Bonjour docteur', detected_language: 'fr', user_message: { content: 'Bonjour docteur' } })
      expect(await refused(person.voice.transcribe({ audio: makeMp3(2) }))).toBe('audio_needs_wav')
      const broken = path.join(device.dataFolder, 'broken')
      makeWhisper(broken)
      fs.rmSync(path.join(broken, 'onnx', 'encoder_model.onnx'))
      await device.client(session).settings.updateDevice({ speech_model_folder: broken })
      expect(await refused(person.voice.transcribe(recording))).toBe('speech_unavailable')
      await device.client(session).providers.configure({ provider: 'groq', api_key: 'fake-groq-key', base_url: fake.address })
      const { client: willing } = await device.patient('+237650000607')
      expect(await willing.voice.transcribe(recording)).toMatchObject({ engine: 'groq', transcribed_text: spoken })
    } finally {
      await device.remove()
    }
  })
})

describe('the hospital’s own server', () => {
  it('hears without consent when it has a model that hears, and is left out when it has none', async () => {
    const own = await FakeProviderServer.start({ models: ['llama-8b', 'whisper-small'], tokenDelayMs: 0 })
    const deaf = await FakeProviderServer.start({ tokenDelayMs: 0 })
    for (const [provider, outcome] of [[own, 'local'], [deaf, 'speech_unavailable']] as const) {
      const device = await startTestBackend({ model: false, environment: { LOCAL_LLM_BASE_URL: `${provider.address}/v1` } })
      try {
        const { client: person } = await device.patient('+237650000604', { consent: false })
        if (outcome === 'local') expect(await person.voice.transcribe(recording)).toMatchObject({ engine: 'local', model: 'whisper-small', transcribed_text: spoken })
        else expect(await refused(person.voice.transcribe(recording))).toBe(outcome)
        expect((await person.voice.formats({})).engines.map(({ engine }) => engine)).toEqual(outcome === 'local' ? ['local'] : [])
      } finally {
        await device.remove()
        await provider.close()
      }
    }
  })
})

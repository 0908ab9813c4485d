import { describe, expect, it } from 'vitest'
import { createClient, type TransportRequest } from '../../../shared/contract/client.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { createPreferencesStore } from '../settings/preferences-store.js'
import { MicrophoneError, type LiveRecording } from './microphone.js'
import { createVoiceStore, type VoiceStoreParts } from './voice-store.js'

const heard = { transcribed_text: 'I have a fever', detected_language: 'en', confidence: 0.9, duration_s: 2, engine: 'groq', model: 'whisper' }

function setUp({ answer = async (): Promise<unknown> => heard, atOnce = false, ...parts }: Partial<VoiceStoreParts> & { answer?: (request: TransportRequest) => Promise<unknown>; atOnce?: boolean } = {}) {
  const requests: TransportRequest[] = []
  const client = createClient(
    {
      request: (request) => {
        requests.push(request)
        return request.method === 'voice.formats' ? Promise.resolve({ engines: [{ engine: 'device', model: 'w', cloud: false }] }) : answer(request)
      },
      close: () => undefined,
    },
    { accessToken: () => 'token', language: () => 'en', renew: async () => false },
  )
  const preferences = createPreferencesStore(client)
  preferences.setState(({ preferences: before }) => ({ preferences: { ...before, send_voice_at_once: atOnce } }))
  const drafts = new Map<string, string>()
  const sent: string[] = []
  const microphone = { discarded: 0, finished: 0 }
  const recording: LiveRecording = {
    level: () => 0.3,
    finish: async () => {
      microphone.finished++
      return new Blob(['sound'])
    },
    discard: () => void microphone.discarded++,
  }
  const prepared: boolean[] = []
  const voice = createVoiceStore({
    client,
    preferences,
    chat: {
      getState: () => ({ threads: Object.fromEntries([...drafts].map(([key, draft]) => [key, { draft }])) }) as never,
      setDraft: (key, draft) => void drafts.set(key, draft),
      send: async (key) => void sent.push(key),
    },
    open: async () => recording,
    prepare: async (_blob, { asWav }) => {
      prepared.push(asWav)
      return new Uint8Array([1])
    },
    now: () => 1000,
    ...parts,
  })
  return { voice, requests, drafts, sent, microphone, prepared, state: () => voice.getState() }
}

describe('speaking', () => {
  it('puts the text into the draft, after what was written, to be read', async () => {
    const { voice, drafts, sent, state, prepared } = setUp()
    drafts.set('c1', 'Hello. ')
    await voice.record('c1')
    expect(state()).toMatchObject({ phase: 'recording', key: 'c1', startedAt: 1000 })
    expect(voice.level()).toBe(0.3)
    await voice.finish()
    expect(drafts.get('c1')).toBe('Hello. I have a fever')
    expect(state()).toMatchObject({ phase: 'idle', heard: { key: 'c1', language: 'en', unsure: false }, problem: null })
    expect(sent).toEqual([])
    expect(voice.level()).toBe(0)
    expect(prepared).toEqual([false])
    voice.dismiss()
    expect(state().heard).toBeNull()
  })

  it('sends WAV where a model on the device hears', async () => {
    const { voice, prepared } = setUp()
    await voice.load()
    await voice.upload('c1', new Blob(['file']))
    expect(prepared).toEqual([true])
  })

  it('is sent at once when that was chosen, but not what was hardly understood nor what was added to a text', async () => {
    const clear = setUp({ atOnce: true })
    await clear.voice.upload('c1', new Blob(['file']))
    expect(clear.sent).toEqual(['c1'])
    expect(clear.state().heard).toBeNull()
    clear.drafts.set('c2', 'Already here')
    await clear.voice.upload('c2', new Blob(['file']))
    expect(clear.sent).toEqual(['c1'])
    const unclear = setUp({ atOnce: true, answer: async () => ({ ...heard, confidence: 0.3 }) })
    await unclear.voice.upload('c1', new Blob(['file']))
    expect(unclear.sent).toEqual([])
    expect(unclear.state().heard).toMatchObject({ unsure: true })
  })

  it('says why there is no microphone', async () => {
    for (const problem of ['denied', 'missing', 'in_use', 'not_supported'] as const) {
      const { voice, state } = setUp({ open: async () => Promise.reject(new MicrophoneError(problem)) })
      await voice.record('c1')
      expect(state()).toMatchObject({ phase: 'idle', problem: { kind: 'microphone', problem } })
    }
  })

  it('says why nothing was understood, and leaves the draft alone', async () => {
    const { voice, state, drafts } = setUp({ answer: async () => Promise.reject(new ContractError('speech_needs_consent')) })
    await voice.upload('c1', new Blob(['file']))
    expect(state()).toMatchObject({ phase: 'idle', problem: { kind: 'refused', error: { code: 'speech_needs_consent' } } })
    expect(drafts.size).toBe(0)
  })

  it('is thrown away when it is cancelled: while it is recorded, while the microphone opens, while it is understood', async () => {
    const recording = setUp()
    await recording.voice.record('c1')
    recording.voice.cancel()
    expect(recording.microphone).toEqual({ discarded: 1, finished: 0 })
    await recording.voice.finish()
    expect(recording.requests).toEqual([])

    const opening = setUp()
    const begun = opening.voice.record('c1')
    opening.voice.cancel()
    await begun
    expect(opening.microphone.discarded).toBe(1)
    expect(opening.state().phase).toBe('idle')

    const understanding = setUp({
      answer: ({ signal }) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new ContractError('cancelled')))),
    })
    const running = understanding.voice.upload('c1', new Blob(['file']))
    await expect.poll(() => understanding.requests.length).toBe(1)
    understanding.voice.cancel()
    await running
    expect(understanding.drafts.size).toBe(0)
    expect(understanding.state()).toMatchObject({ phase: 'idle', problem: null })
  })

  it('records one thing at a time', async () => {
    const { voice, state } = setUp()
    await voice.record('c1')
    await voice.record('c2')
    await voice.upload('c2', new Blob(['file']))
    expect(state()).toMatchObject({ phase: 'recording', key: 'c1' })
  })
})

describe('a translation', () => {
  it('is asked for once and can be put away and shown again', async () => {
    const translation = { message_id: 'm1', language: 'fr', text: 'Bonjour', machine: true, provider: 'groq', model: 'x' }
    const { voice, state, requests } = setUp({ answer: async () => translation })
    const first = voice.toggleTranslation('m1')
    await voice.toggleTranslation('m1')
    await first
    expect(state().translations['m1']).toEqual({ translation, shown: true })
    await voice.toggleTranslation('m1')
    expect(state().translations['m1']?.shown).toBe(false)
    await voice.toggleTranslation('m1')
    expect(state().translations['m1']?.shown).toBe(true)
    expect(requests).toHaveLength(1)
  })

  it('that failed can be asked for again', async () => {
    const { voice, state } = setUp({ answer: async () => Promise.reject(new ContractError('translation_unavailable')) })
    await expect(voice.toggleTranslation('m1')).rejects.toMatchObject({ code: 'translation_unavailable' })
    expect(state().translations).toEqual({})
  })
})

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Client } from '../../../shared/contract/client.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { lowConfidence, maximumAudioSeconds, type MessageTranslation, type SpeechEngine } from '../../../shared/contract/voice.js'
import type { ChatStore } from '../chat/chat-store.js'
import type { PreferencesStore } from '../settings/preferences-store.js'
import { MicrophoneError, openMicrophone, type LiveRecording, type MicrophoneProblem } from './microphone.js'
import { prepareRecording } from './speech-wav.js'

export type VoiceProblem = { kind: 'microphone'; problem: MicrophoneProblem } | { kind: 'refused'; error: ContractError }

export interface VoiceState {
  /** `opening` while the person is asked for the microphone, `working` while the text is made. */
  phase: 'idle' | 'opening' | 'recording' | 'working'
  /** The conversation that is spoken in. */
  key: string | null
  /** When the recording began, in ms since the epoch. */
  startedAt: number
  problem: VoiceProblem | null
  /** What was understood and waits in the draft to be read. */
  heard: { key: string; language: string | null; unsure: boolean } | null
  /** Who can recognise speech; empty when nobody can. */
  engines: readonly { engine: SpeechEngine; cloud: boolean }[]
  /** By message; `shown` says whether it stands in the place of the original. */
  translations: Readonly<Record<string, { translation: MessageTranslation | null; shown: boolean }>>
}

export interface VoiceStore extends StoreApi<VoiceState> {
  /** Learns who can recognise speech. @throws ContractError */
  load(): Promise<void>
  /** Opens the microphone and records for a conversation. */
  record(key: string): Promise<void>
  /** Ends the recording; its text goes into the draft. */
  finish(): Promise<void>
  /** Throws the recording, or what is being made of it, away. */
  cancel(): void
  /** Makes a text of a file. */
  upload(key: string, file: Blob): Promise<void>
  dismiss(): void
  /** Loudness of the recording now, 0 to 1. */
  level(): number
  /** Shows a message in the other language, or as it was written again. @throws ContractError */
  toggleTranslation(messageId: string): Promise<void>
  /** Lets the microphone and every request go. */
  close(): void
}

export interface VoiceStoreParts {
  client: Pick<Client, 'voice'>
  chat: Pick<ChatStore, 'getState' | 'setDraft' | 'send'>
  preferences: PreferencesStore
  open?: () => Promise<LiveRecording>
  prepare?: typeof prepareRecording
  now?: () => number
}

/** Speaking in place of writing, and messages in the other language. */
export function createVoiceStore({ client, chat, preferences, open = openMicrophone, prepare = prepareRecording, now = Date.now }: VoiceStoreParts): VoiceStore {
  const idle = { phase: 'idle', key: null, startedAt: 0 } as const
  const store = createStore<VoiceState>(() => ({ ...idle, problem: null, heard: null, engines: [], translations: {} }))
  let recording: LiveRecording | null = null
  let limit: ReturnType<typeof setTimeout> | undefined
  /** Raised by every beginning and every cancelling: what comes back for an earlier one is dropped. */
  let turn = 0
  let working = new AbortController()

  const end = (): void => {
    clearTimeout(limit)
    recording = null
  }
  const cancel = (): void => {
    turn++
    working.abort()
    recording?.discard()
    end()
    store.setState(idle)
  }
  const fail = (error: unknown): void => {
    if (error instanceof MicrophoneError) store.setState({ ...idle, problem: { kind: 'microphone', problem: error.problem } })
    else if (error instanceof ContractError) store.setState({ ...idle, problem: error.code === 'cancelled' ? null : { kind: 'refused', error } })
    else throw error
  }
  const understand = async (key: string, recorded: () => Promise<Blob>): Promise<void> => {
    const mine = ++turn
    working = new AbortController()
    const { signal } = working
    store.setState({ phase: 'working', key, problem: null, heard: null })
    try {
      const audio = await prepare(await recorded(), { asWav: store.getState().engines[0]?.engine === 'device' })
      if (turn !== mine) return
      const { transcribed_text: text, detected_language: language, confidence } = await client.voice.transcribe({ audio }, { signal })
      if (turn !== mine) return
      const before = chat.getState().threads[key]?.draft.trim() ?? ''
      chat.setDraft(key, before === '' ? text : `${before} ${text}`)
      const unsure = confidence !== null && confidence < lowConfidence
      store.setState({ ...idle, heard: { key, language, unsure } })
      // What was hardly understood is never sent unread, whatever the setting says.
      if (preferences.getState().preferences.send_voice_at_once && !unsure && before === '') {
        store.setState({ heard: null })
        await chat.send(key)
      }
    } catch (error) {
      if (turn === mine) fail(error)
    }
  }
  const finish = async (): Promise<void> => {
    const { phase, key } = store.getState()
    const finished = recording
    if (phase !== 'recording' || !finished || key === null) return
    end()
    await understand(key, () => finished.finish())
  }

  return {
    ...store,
    load: async () => store.setState({ engines: (await client.voice.formats({})).engines }),
    record: async (key) => {
      if (store.getState().phase !== 'idle') return
      const mine = ++turn
      store.setState({ phase: 'opening', key, problem: null, heard: null })
      try {
        const opened = await open()
        if (turn !== mine) return opened.discard()
        recording = opened
        limit = setTimeout(() => void finish(), maximumAudioSeconds * 1000)
        store.setState({ phase: 'recording', startedAt: now() })
      } catch (error) {
        if (turn === mine) fail(error)
      }
    },
    finish,
    cancel,
    upload: async (key, file) => {
      if (store.getState().phase === 'idle') await understand(key, async () => file)
    },
    dismiss: () => store.setState({ problem: null, heard: null }),
    level: () => recording?.level() ?? 0,
    toggleTranslation: async (messageId) => {
      const set = (entry: VoiceState['translations'][string] | null): void =>
        store.setState(({ translations: { [messageId]: _before, ...others } }) => ({ translations: entry ? { ...others, [messageId]: entry } : others }))
      const known = store.getState().translations[messageId]
      if (known && !known.translation) return
      if (known?.translation) return set({ ...known, shown: !known.shown })
      set({ translation: null, shown: false })
      try {
        set({ translation: await client.voice.translate({ message_id: messageId }), shown: true })
      } catch (error) {
        set(null)
        throw error
      }
    },
    close: cancel,
  }
}

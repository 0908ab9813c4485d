/** Voice: what is said becomes text, a text becomes the other language. Audio is read, answered and forgotten: it is never kept and never logged. */
import { z } from 'zod'
import { answerPreferences, chatEvent, chatResponse } from './chat.js'
import { empty, language, providerName, uuid } from './common.js'
import { call, signedIn, stream } from './method.js'

/** Formats that are taken; told by a file's first bytes, never by its name. */
export const audioFormats = ['mp3', 'wav', 'm4a', 'flac', 'ogg', 'webm'] as const
export const audioFormat = z.enum(audioFormats)
export type AudioFormat = z.infer<typeof audioFormat>

/** Largest recording, in bytes. */
export const maximumAudioBytes = 25 * 1024 * 1024
/** Longest recording, in seconds. */
export const maximumAudioSeconds = 600
/** Below this, in seconds, nothing can have been said. */
export const minimumAudioSeconds = 0.4

/**
 * Who can recognise speech, nearest first, in the order in which they are asked: a model on this device, the hospital's own server, Groq. The last
 * is outside of the hospital and hears a person only with their consent.
 */
export const speechEngines = ['device', 'local', 'groq'] as const
export const speechEngine = z.enum(speechEngines)
export type SpeechEngine = z.infer<typeof speechEngine>

/** Below this confidence the text is shown with the request to read it before it is sent. */
export const lowConfidence = 0.6

export const transcription = z.object({
  transcribed_text: z.string(),
  /** ISO 639-1 code of what was spoken, which may be neither English nor French; null when the engine does not tell and the words do not either. */
  detected_language: z.string().nullable(),
  /** 0 to 1: the geometric mean of the probabilities of the words' pieces, exp(mean log-probability); null when the engine does not tell. */
  confidence: z.number().min(0).max(1).nullable(),
  /** Length of the recording in seconds; null when its file does not tell. */
  duration_s: z.number().nullable(),
  engine: speechEngine,
  model: z.string(),
})
export type Transcription = z.infer<typeof transcription>

const recording = z.object({
  audio: z.instanceof(Uint8Array) as z.ZodType<Uint8Array>,
  file_name: z.string().max(255).default(''),
  /** What is probably spoken; without it the engine finds out. */
  language: language.optional(),
})
const recordingFile = { field: 'audio', nameField: 'file_name', maximumBytes: maximumAudioBytes, tooLarge: 'audio_too_large' } as const
/** A long recording on a slow device, in ms. */
const transcriptionMs = 15 * 60_000

export const voiceEvent = z.discriminatedUnion('type', [z.object({ type: z.literal('transcription'), transcription }), ...chatEvent.options])
export type VoiceEvent = z.infer<typeof voiceEvent>

export const messageTranslation = z.object({
  message_id: uuid,
  language,
  text: z.string(),
  /** Always a machine's; the window says so beside the text. */
  machine: z.literal(true),
  provider: providerName,
  model: z.string(),
})
export type MessageTranslation = z.infer<typeof messageTranslation>

export const voice = {
  transcribe: call({
    summary: 'Turn a recording into text; the recording is not kept',
    access: signedIn,
    input: recording,
    output: transcription,
    timeoutMs: transcriptionMs,
    file: recordingFile,
    http: [{ method: 'POST', path: '/api/transcribe/simple/' }],
  }),
  ask: stream({
    summary: 'Ask by voice: the recording becomes the question, which is answered as if it had been typed',
    access: signedIn,
    input: recording.extend({
      conversation_id: uuid.nullish(),
      /** Provider of the answer, as when asking in writing. */
      provider: answerPreferences.shape.provider,
      client_message_id: uuid.optional(),
    }),
    event: voiceEvent,
    output: transcription.extend(chatResponse.shape),
    file: recordingFile,
    http: [{ method: 'POST', path: '/api/transcribe/' }],
  }),
  formats: call({
    summary: 'What recordings are taken, and who can recognise speech on this device',
    access: 'anyone',
    input: empty,
    output: z.object({
      supported_formats: z.array(audioFormat),
      max_file_size_mb: z.number(),
      max_duration_s: z.number(),
      /** Set up and switched on, in the order in which they are asked; empty when speech cannot be recognised at all. */
      engines: z.array(z.object({ engine: speechEngine, model: z.string(), cloud: z.boolean() })),
    }),
    safe: true,
    rate: 'read',
    http: [{ method: 'GET', path: '/api/transcribe/supported-formats/' }],
  }),
  translate: call({
    summary: 'A message in the other language, by a machine; kept beside the message, so that it is made once',
    access: signedIn,
    /** Without a language, into the one of the two that the message is not in. */
    input: z.object({ message_id: uuid, language: language.optional() }),
    output: messageTranslation,
    timeoutMs: 90_000,
  }),
}

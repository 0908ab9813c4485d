/**
 * Turns recordings into text. The nearest that can hear is asked first: the model on this device, the hospital's own server, then Groq, which needs
 * the person's consent. A recording lives in memory until it is answered; it is neither kept nor logged.
 */
import { ContractError } from '../../../shared/contract/errors.js'
import type { Language, ProviderName } from '../../../shared/contract/common.js'
import type { OutputOf } from '../../../shared/contract/contract.js'
import { audioFormats, maximumAudioBytes, maximumAudioSeconds, type SpeechEngine, type Transcription } from '../../../shared/contract/voice.js'
import type { Logger } from '../logging/logger.js'
import type { ConsentService } from '../privacy/consent-service.js'
import { providerDefinitions } from '../providers/provider-definitions.js'
import { ProviderFailure } from '../providers/provider-failure.js'
import type { ProvidersService } from '../providers/providers-service.js'
import type { SpokenText } from '../providers/spoken-text.js'
import type { Caller } from '../transport/handlers.js'
import type { ReadAudio } from './audio/read-audio.js'

/** A model on this device that hears. */
export interface DeviceSpeech {
  /** The model's name, or null when none is there. */
  model(): Promise<string | null>
  /** The text of samples at 16 kHz. Throws when the model fails, or an AbortError when the signal aborts. */
  transcribe(request: { samples: Float32Array; language: Language | null; signal: AbortSignal }): Promise<SpokenText>
}

export interface SpeechServiceParts {
  readAudio: (bytes: Uint8Array, signal: AbortSignal) => Promise<ReadAudio>
  device: DeviceSpeech
  providers: Pick<ProvidersService, 'speechProviders' | 'transcribe'>
  consent: Pick<ConsentService, 'allowedProviders'>
  detectLanguage: (text: string, fallback: Language) => Language
  logger: Logger
}

export interface Hearing {
  person: Pick<Caller, 'userId' | 'sessionId'>
  audio: Uint8Array
  /** What is probably spoken; null lets the engine find out. */
  language: Language | null
  /** Language of the window, for a text whose words do not tell. */
  windowLanguage: Language
  signal: AbortSignal
}

interface Ear {
  engine: SpeechEngine
  model: string
  cloud: boolean
  hear(): Promise<SpokenText & { model: string }>
}

/** A minute of time for an answer, and as long as the recording itself. */
const baseLimitMs = 60_000
const nearestFirst: readonly ProviderName[] = ['local', 'groq', 'gemini']

export class SpeechService {
  readonly #parts: SpeechServiceParts

  constructor(parts: SpeechServiceParts) {
    this.#parts = parts
  }

  /** What is taken, and who can hear. */
  async formats(): Promise<OutputOf<'voice.formats'>> {
    const model = await this.#parts.device.model()
    return {
      supported_formats: [...audioFormats],
      max_file_size_mb: maximumAudioBytes / (1024 * 1024),
      max_duration_s: maximumAudioSeconds,
      engines: [...(model === null ? [] : [{ engine: 'device' as const, model, cloud: false }]), ...this.#hearingProviders().map(({ engine, model: name, cloud }) => ({ engine, model: name, cloud }))],
    }
  }

  /**
   * The text of a recording. Throws ContractError: an `audio_…` code for what is wrong with the recording, `speech_not_set_up`, `speech_needs_consent`
   * or `speech_unavailable` for what is wrong with those who could hear it.
   */
  async transcribe(hearing: Hearing): Promise<Transcription> {
    const { person, signal } = hearing
    // Before a second is spent on the file: without anybody to hear it there is nothing to look for in it.
    const model = await this.#parts.device.model()
    const providers = this.#hearingProviders()
    if (model === null && providers.length === 0) throw new ContractError('speech_not_set_up')
    const recording = await this.#parts.readAudio(hearing.audio, signal)
    const allowed = await this.#parts.consent.allowedProviders(person)

    const { samples } = recording
    const ears: Ear[] = model !== null && samples ? [{ engine: 'device', model, cloud: false, hear: async () => ({ model, ...(await this.#parts.device.transcribe({ samples, language: hearing.language, signal })) }) }] : []
    for (const { provider, engine, cloud, model: name } of providers) {
      if (allowed.includes(provider)) ears.push({ engine, cloud, model: name, hear: () => this.#hearBy(provider, recording, hearing) })
    }
    if (ears.length === 0) throw new ContractError(providers.length > 0 ? 'speech_needs_consent' : 'audio_needs_wav')
    return this.#firstToHear(ears, recording, hearing)
  }

  async #firstToHear(ears: readonly Ear[], recording: ReadAudio, hearing: Hearing): Promise<Transcription> {
    let retryAfterS: number | undefined
    for (const ear of ears) {
      try {
        return this.#finished(await ear.hear(), ear.engine, recording, hearing)
      } catch (error) {
        if (hearing.signal.aborted) throw new ContractError('cancelled', { cause: error })
        if (error instanceof ContractError) throw error
        if (error instanceof ProviderFailure) {
          // The provider itself could not read the file: another will not either.
          if (error.reason === 'refused' && error.status === 400) throw new ContractError('audio_unreadable', { cause: error })
          if (error.retryAfterMs !== undefined) retryAfterS = Math.ceil(error.retryAfterMs / 1000)
        } else this.#parts.logger.warn({ err: error, engine: ear.engine }, 'speech recognition on this device failed')
      }
    }
    throw new ContractError('speech_unavailable', retryAfterS === undefined ? {} : { retryAfterS })
  }

  /** Throws `audio_without_speech` for a text without a letter or a digit. */
  #finished(heard: SpokenText & { model: string }, engine: SpeechEngine, { durationS }: ReadAudio, { windowLanguage }: Hearing): Transcription {
    if (!/[\p{L}\p{N}]/u.test(heard.text)) throw new ContractError('audio_without_speech')
    return {
      transcribed_text: heard.text,
      detected_language: heard.language ?? this.#parts.detectLanguage(heard.text, windowLanguage),
      confidence: heard.confidence,
      duration_s: durationS,
      engine,
      model: heard.model,
    }
  }

  #hearBy(provider: ProviderName, { format, durationS }: ReadAudio, { audio, language, signal }: Hearing): Promise<SpokenText & { model: string }> {
    return this.#parts.providers.transcribe(provider, { audio, fileName: `recording.${format}`, language, signal, limitMs: baseLimitMs + (durationS ?? maximumAudioSeconds) * 1000 })
  }

  #hearingProviders(): { provider: ProviderName; engine: SpeechEngine; model: string; cloud: boolean }[] {
    return this.#parts.providers
      .speechProviders()
      .sort((one, other) => nearestFirst.indexOf(one.provider) - nearestFirst.indexOf(other.provider))
      .flatMap(({ provider, model }) => (provider === 'gemini' ? [] : [{ provider, engine: provider, model, cloud: providerDefinitions[provider].cloud }]))
  }
}

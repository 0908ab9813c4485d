/**
 * Whisper on this device through @xenova/transformers' speech pipeline. The library does not find out what is spoken: that is done here, between the
 * two languages of the hospital, from the probabilities that the model gives their tokens after its start.
 */
import type { Language } from '../../../../shared/contract/common.js'
import { languages } from '../../../../shared/contract/common.js'
import type { SpokenText } from '../../providers/spoken-text.js'

/** A row of logits, one for each token of the vocabulary. */
export interface LogitsRow {
  data: Float32Array
}
/** Called before each token is chosen, with the tokens so far and what the model gives each next one. */
export type LogitsProcessor = (tokens: readonly (readonly bigint[])[], logits: Iterable<LogitsRow> & LogitsRow) => unknown

/** The part of the library's pipeline that is used. */
export interface SpeechPipeline {
  (samples: Float32Array, options: Record<string, unknown>): Promise<{ text: string } | { text: string }[]>
  processor: (samples: Float32Array) => Promise<{ input_features: unknown }>
  model: {
    generation_config?: { decoder_start_token_id?: number; lang_to_id?: Record<string, number>; is_multilingual?: boolean } | null
    generate(options: Record<string, unknown>): Promise<unknown>
  }
}

/** Makes the library's list of processors out of one. */
export type ListOfProcessors = (processor: LogitsProcessor) => unknown

/** What Whisper hears at once: 30 s at 16 kHz; longer recordings go in pieces that overlap by 5 s. */
const windowS = 30
const overlapS = 5
const samplesAWindow = windowS * 16_000

export class WhisperModel {
  readonly #pipeline: SpeechPipeline
  readonly #listOf: ListOfProcessors

  constructor(pipeline: SpeechPipeline, listOf: ListOfProcessors) {
    this.#pipeline = pipeline
    this.#listOf = listOf
  }

  /**
   * The text of samples at 16 kHz. The confidence is exp(mean log-probability) of the tokens that were chosen, as for the online service; where the
   * language had to be found out, times the probability of that language against the other.
   */
  async transcribe(samples: Float32Array, language: Language | null): Promise<SpokenText> {
    const spoken = language ? { language, probability: 1 } : await this.#detectLanguage(samples)
    const scores = new TokenScores()
    const result = await this.#pipeline(samples, {
      // An English-only model takes neither.
      ...(this.#isMultilingual ? { language: spoken.language, task: 'transcribe' } : {}),
      ...(samples.length > samplesAWindow ? { chunk_length_s: windowS, stride_length_s: overlapS } : {}),
      logits_processor: this.#listOf((tokens, logits) => scores.see(tokens, logits)),
    })
    const { text } = Array.isArray(result) ? { text: result.map((one) => one.text).join(' ') } : result
    const mean = scores.meanLogProbability()
    return { text: text.replace(/\s+/g, ' ').trim(), language: spoken.language, confidence: mean === null ? null : Math.min(1, Math.exp(mean) * spoken.probability) }
  }

  get #isMultilingual(): boolean {
    return this.#pipeline.model.generation_config?.is_multilingual === true
  }

  async #detectLanguage(samples: Float32Array): Promise<{ language: Language; probability: number }> {
    const { decoder_start_token_id: start, lang_to_id: ids } = this.#pipeline.model.generation_config ?? {}
    if (!this.#isMultilingual || start === undefined || !ids) return { language: 'en', probability: 1 }
    const { input_features: inputs } = await this.#pipeline.processor(samples.subarray(0, samplesAWindow))
    let logits: Partial<Record<Language, number>> | null = null
    await this.#pipeline.model.generate({
      inputs,
      decoder_input_ids: [start],
      max_new_tokens: 1,
      logits_processor: this.#listOf((_tokens, { data }) => {
        logits ??= Object.fromEntries(languages.map((one) => [one, data[ids[`<|${one}|>`] ?? -1] ?? Number.NEGATIVE_INFINITY]))
      }),
    })
    const { en = Number.NEGATIVE_INFINITY, fr = Number.NEGATIVE_INFINITY } = (logits ?? {}) as Partial<Record<Language, number>>
    const french = 1 / (1 + Math.exp(en - fr))
    return french > 0.5 ? { language: 'fr', probability: french } : { language: 'en', probability: Number.isNaN(french) ? 1 : 1 - french }
  }
}

/** Adds up the log-probabilities of the tokens that were chosen: each is known at the next step. */
class TokenScores {
  #sum = 0
  #count = 0
  #last: { length: number; data: Float32Array; logNormaliser: number } | null = null

  see(tokens: readonly (readonly bigint[])[], { data }: LogitsRow): void {
    const sequence = tokens[0] ?? []
    const chosen = sequence.at(-1)
    // A shorter sequence than expected is the beginning of another piece.
    if (this.#last && sequence.length === this.#last.length + 1 && chosen !== undefined) {
      const logit = this.#last.data[Number(chosen)]
      if (logit !== undefined && Number.isFinite(logit)) {
        this.#sum += logit - this.#last.logNormaliser
        this.#count++
      }
    }
    this.#last = { length: sequence.length, data: data.slice(), logNormaliser: logSumExp(data) }
  }

  meanLogProbability(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count
  }
}

function logSumExp(values: Float32Array): number {
  const most = values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY)
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0))
}

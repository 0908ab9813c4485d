/** What a speech service of OpenAI's protocol sends back, read into a text, its language and how sure the service is. */
import { z } from 'zod'
import { ProviderFailure } from './provider-failure.js'
import { whisperLanguageCode } from './whisper-languages.js'

export interface SpokenText {
  text: string
  /** ISO 639-1 code, or null when the service does not tell. */
  language: string | null
  /** 0 to 1, or null when the service does not tell. */
  confidence: number | null
}

/** `verbose_json`; a compatible server may leave out all but the text. */
const verboseAnswer = z.looseObject({
  text: z.string(),
  language: z.string().nullish(),
  segments: z
    .array(
      z.looseObject({
        text: z.string(),
        avg_logprob: z.number().nullish(),
        no_speech_prob: z.number().nullish(),
        tokens: z.array(z.unknown()).nullish(),
      }),
    )
    .nullish(),
})

/** Whisper's own rule for a segment in which nothing was said: what it wrote there it made up. */
const noSpeechFrom = 0.6
const unsureBelow = -1

/**
 * Reads an answer. The confidence is exp(Σ avg_logprob × tokens / Σ tokens): `avg_logprob` is the mean natural logarithm of the probabilities of a
 * segment's tokens, so this is the geometric mean of the probabilities of all tokens. Throws ProviderFailure `malformed`.
 */
export function readSpokenText(answer: unknown): SpokenText {
  const parsed = verboseAnswer.safeParse(answer)
  if (!parsed.success) throw new ProviderFailure('malformed')
  const { text, language, segments } = parsed.data
  const spoken = segments?.filter((segment) => (segment.no_speech_prob ?? 0) <= noSpeechFrom || (segment.avg_logprob ?? 0) >= unsureBelow)
  const measured = (spoken ?? []).flatMap(({ avg_logprob: logarithm, tokens }) => (typeof logarithm === 'number' ? [{ logarithm, weight: Math.max(1, tokens?.length ?? 1) }] : []))
  const weight = measured.reduce((sum, segment) => sum + segment.weight, 0)
  const mean = measured.reduce((sum, segment) => sum + segment.logarithm * segment.weight, 0) / weight
  return {
    text: (spoken && segments && spoken.length < segments.length ? spoken.map((segment) => segment.text).join('') : text).replace(/\s+/g, ' ').trim(),
    language: whisperLanguageCode(language ?? ''),
    confidence: weight === 0 ? null : Math.min(1, Math.exp(mean)),
  }
}

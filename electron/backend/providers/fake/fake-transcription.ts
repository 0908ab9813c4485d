/** OpenAI's and Groq's audio transcription without a model: a scripted text for whatever is heard. */
import type { FakeProvider } from './fake-provider-server.js'

/** What the fake claims to have heard. */
export interface FakeSpeech {
  text: string
  /** As the services name it: in English. */
  language?: string
  /** Mean logarithm of the tokens' probabilities. */
  avgLogprob?: number
  noSpeechProb?: number
}

/** A recording as it arrived. */
export interface FakeRecording {
  provider: FakeProvider
  model: string
  fileName: string
  /** Its bytes. */
  size: number
  /** The first bytes, by which a test tells the format. */
  head: Uint8Array
  language: string | null
  responseFormat: string | null
  apiKey: string
}

export const usualSpeech: FakeSpeech = { text: 'How can I protect my family from malaria?', language: 'English' }

/** Reads the form of a transcription; null when it is none. */
export async function readTranscriptionForm(body: Buffer, contentType: string, provider: FakeProvider, apiKey: string): Promise<FakeRecording | null> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData().catch(() => null)
  const file = form?.get('file')
  const model = form?.get('model')
  if (!form || !(file instanceof File) || typeof model !== 'string') return null
  const text = (name: string): string | null => {
    const value = form.get(name)
    return typeof value === 'string' ? value : null
  }
  const head = new Uint8Array(await file.slice(0, 64).arrayBuffer())
  return { provider, model, fileName: file.name, size: file.size, head, language: text('language'), responseFormat: text('response_format'), apiKey }
}

/** `verbose_json` as the services send it. */
export function verboseTranscription({ text, language = 'English', avgLogprob = -0.12, noSpeechProb = 0.01 }: FakeSpeech): unknown {
  return {
    task: 'transcribe',
    language,
    duration: 3.2,
    text: ` ${text}`,
    segments: text === '' ? [] : [{ id: 0, seek: 0, start: 0, end: 3.2, text: ` ${text}`, tokens: [50364, 1012, 393], temperature: 0, avg_logprob: avgLogprob, compression_ratio: 1.1, no_speech_prob: noSpeechProb }],
    x_groq: { id: 'req_fake' },
  }
}

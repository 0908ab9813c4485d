import { describe, expect, it } from 'vitest'
import { readSpokenText } from './spoken-text.js'
import { whisperLanguageCode } from './whisper-languages.js'

const segment = (text: string, avg_logprob: number, tokens = 1, no_speech_prob = 0): object => ({ text, avg_logprob, no_speech_prob, tokens: Array.from({ length: tokens }, () => 1) })

describe('what a speech service heard', () => {
  it('has the geometric mean of its tokens’ probabilities as confidence', () => {
    const heard = readSpokenText({ text: ' I have  a fever. ', language: 'english', segments: [segment(' I have', -0.1, 3), segment(' a fever.', -0.5, 1)] })
    expect(heard).toEqual({ text: 'I have a fever.', language: 'en', confidence: Math.exp(-0.8 / 4) })
    expect(readSpokenText({ text: 'a', segments: [segment('a', 0.01)] }).confidence).toBe(1)
  })

  it('leaves out what Whisper makes up where nothing was said', () => {
    const made = segment(' Thank you for watching.', -1.2, 4, 0.9)
    expect(readSpokenText({ text: ' Thank you for watching.', segments: [made] })).toMatchObject({ text: '', confidence: null })
    expect(readSpokenText({ text: ' Fever. Thank you for watching.', segments: [segment(' Fever.', -0.1), made] }).text).toBe('Fever.')
    // Sure of its words, or sure that somebody spoke: kept.
    expect(readSpokenText({ text: 'Yes', segments: [segment('Yes', -0.2, 1, 0.9)] }).text).toBe('Yes')
    expect(readSpokenText({ text: 'Mumble', segments: [segment('Mumble', -1.5, 1, 0.2)] }).text).toBe('Mumble')
  })

  it('is taken from servers that send the text alone, and is malformed without one', () => {
    expect(readSpokenText({ text: 'Bonjour' })).toEqual({ text: 'Bonjour', language: null, confidence: null })
    for (const wrong of [{}, null, 'text', { text: 7 }, { text: 'a', segments: 'b' }]) expect(() => readSpokenText(wrong)).toThrow('malformed')
  })

  it('names languages by code or in English', () => {
    expect(['french', 'French', 'fr', 'FR', 'english', 'Hausa', 'klingon', ''].map(whisperLanguageCode)).toEqual(['fr', 'fr', 'fr', 'fr', 'en', 'ha', null, null])
  })
})

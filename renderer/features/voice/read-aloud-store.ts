import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Language } from '../../../shared/contract/common.js'

export interface ReadAloudState {
  /** The message that is being read. */
  reading: string | null
}

export interface ReadAloudStore extends StoreApi<ReadAloudState> {
  /** Reads a text with a voice of this device. Resolves with false when it has none for the language. */
  read(messageId: string, text: string, language: Language): Promise<boolean>
  stop(): void
}

/** The part of the system's speech that is used. */
export type Synthesis = Pick<SpeechSynthesis, 'getVoices' | 'speak' | 'cancel' | 'addEventListener' | 'removeEventListener'>

/** Chromium learns of the voices some time after the window opened, ms. */
const longestWaitForVoices = 1_500

export interface ReadAloudParts {
  synthesis: Synthesis | null
  createUtterance?: (text: string) => SpeechSynthesisUtterance
}

/** Reading answers aloud, one at a time. */
export function createReadAloudStore({ synthesis, createUtterance = (text) => new SpeechSynthesisUtterance(text) }: ReadAloudParts): ReadAloudStore {
  const store = createStore<ReadAloudState>(() => ({ reading: null }))
  let turn = 0
  const stop = (): void => {
    turn++
    synthesis?.cancel()
    store.setState({ reading: null })
  }
  return {
    ...store,
    stop,
    read: async (messageId, text, language) => {
      stop()
      const mine = turn
      const voice = synthesis ? chooseVoice(await voicesOf(synthesis), language) : null
      if (turn !== mine) return true
      if (!synthesis || !voice) return false
      store.setState({ reading: messageId })
      const ended = (): void => {
        if (turn === mine) stop()
      }
      // Sentence by sentence: a stop is heard at once, and some systems break off in a long text.
      const sentences = toSpokenSentences(text, language)
      sentences.forEach((sentence, at) => {
        const utterance = createUtterance(sentence)
        utterance.voice = voice
        utterance.lang = voice.lang
        utterance.addEventListener('error', ended)
        if (at === sentences.length - 1) utterance.addEventListener('end', ended)
        synthesis.speak(utterance)
      })
      if (sentences.length === 0) ended()
      return true
    },
  }
}

async function voicesOf(synthesis: Synthesis): Promise<readonly SpeechSynthesisVoice[]> {
  const known = synthesis.getVoices()
  if (known.length > 0) return known
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer)
      synthesis.removeEventListener('voiceschanged', settle)
      resolve(synthesis.getVoices())
    }
    const timer = setTimeout(settle, longestWaitForVoices)
    synthesis.addEventListener('voiceschanged', settle)
  })
}

/** A voice that speaks on this device, so that no answer leaves it: the system's own choice for the language first. */
export function chooseVoice(voices: readonly SpeechSynthesisVoice[], language: Language): SpeechSynthesisVoice | null {
  const fitting = voices.filter((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language))
  return fitting.find((voice) => voice.default) ?? fitting[0] ?? null
}

/** What is said of an answer: no Markdown, no citation, one sentence an entry. */
export function toSpokenSentences(text: string, language: Language): string[] {
  const plain = text
    .replace(/```[\s\S]*?```/g, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s*\[\d+(?:\s*,\s*\d+)*\]/g, '')
    // A heading or an item of a list is a sentence of its own.
    .replace(/^[ \t]*(?:#{1,6}|[-*+]|\d+[.)]|>)[ \t]+(.*?)[.:;]?[ \t]*$/gm, '$1.')
    .replace(/[*_`~|]+/g, '')
    .replace(/\n{2,}/g, '\n')
  return plain.split('\n').flatMap((line) => [...new Intl.Segmenter(language, { granularity: 'sentence' }).segment(line)].map(({ segment }) => segment.trim()).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence)))
}

import { describe, expect, it } from 'vitest'
import { chooseVoice, createReadAloudStore, toSpokenSentences, type Synthesis } from './read-aloud-store.js'

const voice = (lang: string, more: Partial<SpeechSynthesisVoice> = {}): SpeechSynthesisVoice => ({ lang, name: lang, voiceURI: lang, default: false, localService: true, ...more })

class Utterance extends EventTarget {
  voice: SpeechSynthesisVoice | null = null
  lang = ''
  readonly text: string

  constructor(text: string) {
    super()
    this.text = text
  }
}

function setUp(voices: SpeechSynthesisVoice[], later: SpeechSynthesisVoice[] = voices) {
  const events = new EventTarget()
  const spoken: Utterance[] = []
  let cancelled = 0
  let known = voices
  const synthesis: Synthesis = {
    getVoices: () => known,
    speak: (utterance) => void spoken.push(utterance as unknown as Utterance),
    cancel: () => void cancelled++,
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  }
  const store = createReadAloudStore({ synthesis, createUtterance: (text) => new Utterance(text) as unknown as SpeechSynthesisUtterance })
  return {
    store,
    spoken,
    cancelled: () => cancelled,
    arrive: () => {
      known = later
      events.dispatchEvent(new Event('voiceschanged'))
    },
  }
}

describe('reading aloud', () => {
  it('uses a voice of the text’s language that speaks on this device', async () => {
    const { store, spoken } = setUp([voice('fr-FR', { localService: false }), voice('en-GB'), voice('fr-CA'), voice('fr-CM', { default: true })])
    expect(await store.read('m1', 'Bonjour. Buvez de l’eau [1].', 'fr')).toBe(true)
    expect(spoken.map(({ text, lang }) => [text, lang])).toEqual([
      ['Bonjour.', 'fr-CM'],
      ['Buvez de l’eau.', 'fr-CM'],
    ])
    expect(store.getState().reading).toBe('m1')
    spoken.at(-1)?.dispatchEvent(new Event('end'))
    expect(store.getState().reading).toBeNull()
  })

  it('says when there is no voice, or none on this device', async () => {
    expect(await setUp([voice('en-GB'), voice('fr-FR', { localService: false })]).store.read('m1', 'Bonjour', 'fr')).toBe(false)
    expect(await createReadAloudStore({ synthesis: null }).read('m1', 'Hello', 'en')).toBe(false)
    expect(chooseVoice([], 'en')).toBeNull()
  })

  it('waits for voices that come late', async () => {
    const { store, arrive } = setUp([], [voice('en-US')])
    const reading = store.read('m1', 'Hello', 'en')
    arrive()
    expect(await reading).toBe(true)
  })

  it('stops, and reads one message at a time; the end of what was stopped changes nothing', async () => {
    const { store, spoken, cancelled } = setUp([voice('en-US')])
    await store.read('m1', 'One. Two.', 'en')
    await store.read('m2', 'Three.', 'en')
    expect(cancelled()).toBe(2)
    spoken[1]?.dispatchEvent(new Event('end'))
    expect(store.getState().reading).toBe('m2')
    store.stop()
    expect(store.getState().reading).toBeNull()
  })

  it('leaves out what is not said', () => {
    const text = '## What to do\n\n- **Drink** water [1], often\n2. See a [nurse](https://x.y)\n\n> Go _now_.\n\n| a | b |\n'
    expect(toSpokenSentences(text, 'en')).toEqual(['What to do.', 'Drink water, often.', 'See a nurse.', 'Go now.', 'a  b'])
  })
})

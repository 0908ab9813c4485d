import type { ChatEvent } from '../../../shared/contract/chat.js'

/** Pause between two drawings of a growing answer, in ms: quick enough to read along, slow enough for a two-core kiosk. */
const drawEveryMs = 40

/** Joins the small pieces of an answer, so that the window draws once for many of them; every other event passes at once and in order. */
export class DeltaBuffer {
  readonly #apply: (event: ChatEvent) => void
  #messageId = ''
  #text = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(apply: (event: ChatEvent) => void) {
    this.#apply = apply
  }

  receive(event: ChatEvent): void {
    if (event.type !== 'delta') {
      this.flush()
      this.#apply(event)
      return
    }
    if (event.message_id !== this.#messageId) this.flush()
    this.#messageId = event.message_id
    this.#text += event.text
    this.#timer ??= setTimeout(() => this.flush(), drawEveryMs)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#text === '') return
    const text = this.#text
    this.#text = ''
    this.#apply({ type: 'delta', message_id: this.#messageId, text })
  }
}

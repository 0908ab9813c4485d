/** One answer while it is written: opened on the disk, kept as it grows, and given its final state once. */
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import type { FinishedAnswer, MessagesStore } from '../conversations/messages-store.js'
import type { QueryRunner } from '../database/database.js'
import type { Logger } from '../logging/logger.js'

/** How often the words that came are put on the disk, ms: what a power cut can take from a streaming answer. */
const keepEveryMs = 400

export class AnswerDraft {
  readonly messageId: string
  readonly #store: MessagesStore
  readonly #logger: Logger
  #content = ''
  #lastKeptAt = performance.now()
  #keeping: Promise<void> = Promise.resolve()
  #isKeeping = false

  private constructor(messageId: string, store: MessagesStore, logger: Logger) {
    this.messageId = messageId
    this.#store = store
    this.#logger = logger
  }

  /** Opens the answer to a question. */
  static async open(question: ChatMessage, store: MessagesStore, logger: Logger): Promise<AnswerDraft> {
    const message = await store.startAnswer(question)
    return new AnswerDraft(message.message_id, store, logger)
  }

  get content(): string {
    return this.#content
  }

  /** Adds words; they reach the disk within `keepEveryMs` while more are coming, and in any case when the answer is finished. */
  append(text: string): void {
    this.#content += text
    if (this.#isKeeping || performance.now() - this.#lastKeptAt < keepEveryMs) return
    this.#isKeeping = true
    this.#keeping = this.#store
      .keepStreamed(this.messageId, this.#content)
      .catch((error: unknown) => this.#logger.error({ err: error, event: 'keep_streamed_failed' }, 'an answer’s words could not be kept; its end will try again'))
      .finally(() => {
        this.#isKeeping = false
        this.#lastKeptAt = performance.now()
      })
  }

  /** Gives the answer its final state; durable when it resolves. */
  async finish(answer: Omit<FinishedAnswer, 'content'> & { content?: string }, queries?: QueryRunner): Promise<ChatMessage> {
    await this.#keeping
    return this.#store.finishAnswer(this.messageId, { content: this.#content, ...answer }, queries)
  }

  /** Removes an answer that never got a word. */
  async discard(): Promise<void> {
    await this.#keeping
    await this.#store.discardEmpty(this.messageId)
  }
}

import { expect, type Locator, type Page } from '@playwright/test'

/** The open conversation and the list beside it. */
export class ChatScreen {
  readonly #page: Page
  readonly composer: Locator
  readonly stop: Locator
  readonly questions: Locator
  /** Answers in their final state; the one that is being written is in `messages` alone. */
  readonly answers: Locator
  readonly messages: Locator
  readonly saved: Locator
  readonly reconnecting: Locator
  readonly conversationItems: Locator
  readonly emergencyCard: Locator
  readonly failed: Locator

  constructor(page: Page) {
    this.#page = page
    this.composer = page.getByTestId('composer')
    this.stop = page.getByTestId('stop')
    this.questions = page.getByTestId('message-user')
    this.answers = page.getByTestId('message-assistant')
    this.messages = page.getByTestId('messages')
    this.saved = page.getByTestId('saved')
    this.reconnecting = page.getByTestId('reconnecting')
    this.conversationItems = page.getByTestId('conversation-item')
    this.emergencyCard = page.getByTestId('emergency-card')
    this.failed = page.getByTestId('answer-failed')
  }

  /** Sends a question; does not wait for the answer. */
  async send(question: string): Promise<void> {
    await this.composer.fill(question)
    await this.composer.press('Enter')
  }

  /** Sends a question and waits until its answer is on the disk. @returns the answer */
  async ask(question: string): Promise<Locator> {
    const before = await this.answers.count()
    await this.send(question)
    await expect(this.answers).toHaveCount(before + 1)
    await expect(this.saved).toBeVisible()
    return this.answers.last()
  }

  /** Resolves when the whole index answers; before, passages are found by keyword alone. */
  async indexReady(): Promise<void> {
    await expect(this.#page.getByTestId('status-retrieval').locator('svg:not(.animate-spin)')).toBeAttached({ timeout: 30_000 })
  }

  async startNew(): Promise<void> {
    await this.#page.getByTestId('new-conversation').click()
    await expect(this.questions).toHaveCount(0)
  }

  async signOut(): Promise<void> {
    await this.#page.getByTestId('sign-out').click()
    await expect(this.#page.getByTestId('guest')).toBeVisible()
  }
}

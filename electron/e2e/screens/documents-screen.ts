import { expect, type Locator, type Page } from '@playwright/test'

/** A file as a person has it. */
export interface TestFile {
  name: string
  content: Uint8Array | string
}

/** The documents of the device, and the choice of those that are asked over. */
export class DocumentsScreen {
  readonly #page: Page
  readonly rows: Locator
  readonly failures: Locator
  readonly adding: Locator
  readonly empty: Locator
  readonly chips: Locator

  constructor(page: Page) {
    this.#page = page
    this.rows = page.getByTestId('document')
    this.failures = page.getByTestId('document-failed')
    this.adding = page.getByTestId('document-adding')
    this.empty = page.getByTestId('no-documents')
    this.chips = page.getByTestId('document-chip')
  }

  async open(): Promise<void> {
    await this.#page.getByTestId('documents').click()
    await expect(this.#page.getByTestId('drop-zone')).toBeVisible()
  }

  async back(): Promise<void> {
    await this.#page.getByTestId('back').click()
  }

  /** Chooses files in the picker; does not wait for them. */
  async choose(files: readonly TestFile[]): Promise<void> {
    await this.#page.getByTestId('file-input').setInputFiles(files.map(({ name, content }) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) })))
  }

  /** Drops a text file on the zone. */
  async drop({ name, content }: { name: string; content: string }): Promise<void> {
    const transfer = await this.#page.evaluateHandle(
      ([fileName, text]) => {
        const data = new DataTransfer()
        data.items.add(new File([text!], fileName!))
        return data
      },
      [name, content],
    )
    for (const type of ['dragenter', 'dragover', 'drop']) await this.#page.getByTestId('drop-zone').dispatchEvent(type, { dataTransfer: transfer })
  }

  async remove(title: string): Promise<void> {
    await this.rows.filter({ hasText: title }).getByTestId('remove-document').click()
    await this.#page.getByTestId('confirm-remove').click()
    await expect(this.rows.filter({ hasText: title })).toHaveCount(0)
  }

  /** Has the next questions asked over this document. */
  async askOver(title: string): Promise<void> {
    await this.#page.getByTestId('choose-documents').click()
    await this.#page.getByTestId('ask-document').filter({ hasText: title }).click()
    await this.#page.keyboard.press('Escape')
    await expect(this.chips).toHaveCount(1)
  }
}

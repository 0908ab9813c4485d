import type { Locator, Page } from '@playwright/test'

/** An opened source. */
export class SourceScreen {
  readonly panel: Locator
  readonly highlight: Locator

  constructor(page: Page) {
    this.panel = page.getByTestId('source-panel')
    this.highlight = this.panel.getByTestId('passage-highlight')
  }

  /** Text of the passage as marked in the article, white space as single spaces. */
  async highlighted(): Promise<string> {
    return (await this.highlight.allInnerTexts()).join(' ').replace(/\s+/g, ' ').trim()
  }
}

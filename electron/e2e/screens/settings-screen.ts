import type { Locator, Page } from '@playwright/test'

export type SettingsTab = 'general' | 'answers' | 'profile' | 'providers' | 'device' | 'staff'

export class SettingsScreen {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async open(tab: SettingsTab = 'general'): Promise<void> {
    await this.#page.getByTestId('settings').click()
    await this.choose(tab)
  }

  async choose(tab: SettingsTab): Promise<void> {
    await this.#page.getByTestId(`settings-${tab}`).click()
  }

  async theme(theme: 'system' | 'light' | 'dark'): Promise<void> {
    await this.#page.getByTestId(`theme-${theme}`).click()
  }

  async language(language: 'en' | 'fr'): Promise<void> {
    await this.#page.getByTestId(`language-${language}`).click()
  }

  field(name: string): Locator {
    return this.#page.locator(`input[name="${name}"]`)
  }

  async back(): Promise<void> {
    await this.#page.getByTestId('back').click()
  }
}

import { expect, type Locator, type Page } from '@playwright/test'

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

  /** Gives the consent to online answers, or takes it back, and returns to the conversation. */
  async allowOnline(given: boolean): Promise<void> {
    await this.open('answers')
    const toggle = this.#page.getByTestId('consent-switch')
    if ((await toggle.getAttribute('aria-checked')) !== String(given)) await toggle.click()
    await expect(toggle).toHaveAttribute('aria-checked', String(given))
    await this.back()
  }

  field(name: string): Locator {
    return this.#page.locator(`input[name="${name}"]`)
  }

  async back(): Promise<void> {
    await this.#page.getByTestId('back').click()
  }
}

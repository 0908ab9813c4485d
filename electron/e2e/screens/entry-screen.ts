import { expect, type Locator, type Page } from '@playwright/test'

export interface Person {
  fullName: string
  phoneNumber: string
  password: string
}

let people = 0

/** Somebody whom no other test of this run knows. */
export function newPerson(fullName = 'Amina Ngo Bell'): Person {
  people += 1
  const number = String((Date.now() % 100_000) * 100 + (people % 100)).padStart(7, '0')
  return { fullName, phoneNumber: `67${number}`, password: 'un long mot de passe sûr' }
}

/** What is shown while nobody is signed in. */
export class EntryScreen {
  readonly #page: Page
  readonly guest: Locator
  readonly formError: Locator

  constructor(page: Page) {
    this.#page = page
    this.guest = page.getByTestId('guest')
    this.formError = page.getByTestId('form-error')
  }

  async chooseLanguage(language: 'en' | 'fr'): Promise<void> {
    await this.#page.getByTestId(`welcome-language-${language}`).click()
    await expect(this.#page.locator('html')).toHaveAttribute('lang', language)
  }

  async signUp(person: Person): Promise<void> {
    await this.#page.getByTestId('sign-up').click()
    await this.fillAccount(person)
    await this.submit()
    await this.#signedIn()
  }

  async signIn({ phoneNumber, password }: Person): Promise<void> {
    await this.#page.getByTestId('sign-in').click()
    await this.#field('phone_number').fill(phoneNumber)
    await this.#field('password').fill(password)
    await this.submit()
    await this.#signedIn()
  }

  async continueAsGuest(): Promise<void> {
    await this.guest.click()
    await this.#signedIn()
  }

  /** The form for the first administrator. */
  async setUp(code: string, person: Person): Promise<void> {
    await this.#page.getByTestId('set-up').click()
    await this.#field('setup_code').fill(code)
    await this.fillAccount(person)
    await this.submit()
  }

  async fillAccount({ fullName, phoneNumber, password }: Person): Promise<void> {
    await this.#field('full_name').fill(fullName)
    await this.#field('phone_number').fill(phoneNumber)
    await this.#field('password').fill(password)
  }

  async submit(): Promise<void> {
    await this.#page.getByTestId('submit').click()
  }

  #field(name: string): Locator {
    return this.#page.locator(`input[name="${name}"]`)
  }

  async #signedIn(): Promise<void> {
    await expect(this.#page.getByTestId('composer')).toBeVisible()
  }
}

import { createStore, type StoreApi } from 'zustand/vanilla'
import { languages, type Language } from '../../shared/contract/common.js'
import { themes } from '../../shared/contract/settings.js'

export type Theme = (typeof themes)[number]

export interface Appearance {
  language: Language
  theme: Theme
  /** Whether the language was chosen by hand since the window opened or was last wiped; then it wins over the account's language. */
  languageChosen: boolean
}

export interface AppearanceStore extends StoreApi<Appearance> {
  chooseLanguage(language: Language): void
  /** Takes the account's language, unless the person at the device has just chosen another. */
  adoptLanguage(language: Language): void
  setTheme(theme: Theme): void
  /** Back to how the device was before the person: its language stays, the theme follows the system. */
  reset(): void
}

const languageKey = 'carechat.language'
const themeKey = 'carechat.theme'

/** Language and theme of this window, remembered on the device; no personal data. */
export function createAppearanceStore(storage: Storage, systemLanguage: string): AppearanceStore {
  const storedLanguage = languages.find((language) => language === storage.getItem(languageKey))
  const storedTheme = themes.find((theme) => theme === storage.getItem(themeKey))
  const store = createStore<Appearance>(() => ({
    language: storedLanguage ?? (systemLanguage.startsWith('en') ? 'en' : 'fr'),
    theme: storedTheme ?? 'system',
    languageChosen: false,
  }))
  const setLanguage = (language: Language, languageChosen: boolean): void => {
    storage.setItem(languageKey, language)
    store.setState({ language, languageChosen })
  }
  return {
    ...store,
    chooseLanguage: (language) => setLanguage(language, true),
    adoptLanguage: (language) => {
      if (!store.getState().languageChosen) setLanguage(language, false)
    },
    setTheme: (theme) => {
      storage.setItem(themeKey, theme)
      store.setState({ theme })
    },
    reset: () => {
      storage.removeItem(themeKey)
      store.setState({ theme: 'system', languageChosen: false })
    },
  }
}

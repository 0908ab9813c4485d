import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../../shared/contract/common.js'
import en from './en.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }

/** The window's texts, both languages inside the bundle: nothing is fetched, nothing falls back unseen. */
export function createI18n(language: Language): i18n {
  const instance = createInstance()
  instance.use(initReactI18next)
  void instance.init({
    lng: language,
    resources: { en: { translation: en }, fr: { translation: fr } },
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  return instance
}

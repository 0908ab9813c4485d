import type { Language } from '../../shared/contract/common.js'

const locales: Record<Language, string> = { en: 'en-GB', fr: 'fr-FR' }

/** A moment as people say it: the time today, otherwise the day, with its year when that is another. `at` is ISO 8601. */
export function formatMoment(at: string, language: Language, now = new Date()): string {
  const moment = new Date(at)
  const locale = locales[language]
  if (moment.toDateString() === now.toDateString()) return formatTime(at, language)
  const sameYear = moment.getFullYear() === now.getFullYear()
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }).format(moment)
}

/** Hours and minutes. `at` is ISO 8601. */
export function formatTime(at: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { hour: '2-digit', minute: '2-digit' }).format(new Date(at))
}

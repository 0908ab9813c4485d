/**
 * Takes out of a clinical text what points to a person: names after titles and in capitals, known Cameroonian names, telephone numbers,
 * e-mail addresses, record numbers, and the day of dates. Rules find the obvious; a rare name in lower case is not found.
 */
import { codePattern, emailPattern, introducedNamePattern, isMedicalCapital, labelledIdPattern, phonePattern, shoutedNamePattern, titledNamePattern } from '../../privacy/identifier-patterns.js'
import { foldText } from '../language/fold-text.js'

const name = '[name removed]'
const phone = '[phone removed]'
const email = '[e-mail removed]'
const identifier = '[id removed]'

const months =
  'january|february|march|april|may|june|july|august|september|october|november|december|janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre'
const writtenDatePattern = new RegExp(String.raw`(?<!\p{N})(?:\d{1,2}(?:st|nd|rd|th|er)?(?:\s+of)?\s+)(${months})(?!\p{L})`, 'giu')
const monthFirstDatePattern = new RegExp(String.raw`(?<!\p{L})(${months})\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(\d{4})`, 'giu')
const numericDatePattern = /(?<!\p{N}[-/.]?)(?:(\d{4})[-/.](\d{1,2})[-/.]\d{1,2}|\d{1,2}[-/.](\d{1,2})[-/.](\d{4}|\d{2}))(?![-/.]?\p{N})/gu

/** The text without identifiers; `known` are values of this very record (its ids), `names` folded names of the country. */
export function scrubIdentifiers(text: string, known: readonly string[], names: ReadonlySet<string>): string {
  let scrubbed = text
  for (const value of known) if (value.trim().length > 1) scrubbed = scrubbed.replaceAll(value.trim(), identifier)
  scrubbed = scrubbed
    .replace(emailPattern, email)
    .replace(numericDatePattern, (_, year: string | undefined, month: string | undefined, otherMonth: string | undefined, otherYear: string | undefined) =>
      [(month ?? otherMonth ?? '').padStart(2, '0'), year ?? otherYear].join('/'),
    )
    .replace(writtenDatePattern, '$1')
    .replace(monthFirstDatePattern, '$1 $2')
    .replace(labelledIdPattern, identifier)
    .replace(codePattern, identifier)
    .replace(phonePattern, phone)
    .replace(titledNamePattern, `$1$2${name}`)
    .replace(introducedNamePattern, (whole, lead: string, found: string) => (isMedicalCapital(found) ? whole : `${lead}${name}`))
    .replace(shoutedNamePattern, name)
    .replace(/\p{Lu}[\p{L}'’-]+/gu, (word) => (names.has(foldText(word)) ? name : word))
  return scrubbed.replace(/(?:\[name removed\][\s,]*){2,}/g, (run) => name + (/\s$/.test(run) ? ' ' : ''))
}

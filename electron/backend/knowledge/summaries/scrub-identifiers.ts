/**
 * Takes out of a clinical text what points to a person: names after titles and in capitals, known Cameroonian names, telephone numbers,
 * e-mail addresses, record numbers, and the day of dates. Rules find the obvious; a rare name in lower case is not found.
 */
import { foldText } from '../language/fold-text.js'

const name = '[name removed]'
const phone = '[phone removed]'
const email = '[e-mail removed]'
const identifier = '[id removed]'

const emailPattern = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.[\p{L}]{2,}/gu
/** A Cameroonian number has 9 digits; with a country code up to 13, with any separators. Blood counts and pressures are shorter. */
const phonePattern = /(?<![\p{L}\p{N}])\(?(?:\+|00)?\d(?:[\s().-]{0,2}\d){7,13}(?![\p{L}\p{N}])/gu
const labelledIdPattern = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:(?:patient|hospital|file|record|dossier|card|carte)\s*(?:id|no|nr|number|num[ée]ro|n°|#)|registration|insurance|matricule|passport|passeport|cni|ipp|mrn|nip)` +
    String.raw`\s*(?:id|no|nr|number|num[ée]ro|n°|#)?\s*[:#.°-]?\s*(?=[\p{L}-]*\d)[\p{L}\p{N}][\p{L}\p{N}/-]{2,}`,
  'giu',
)
/** Letters and digits joined as in PT-00123 or HGD/2024/118; two digits or fewer are a grade or a vitamin (B12, stage-2). */
const codePattern = /(?<![\p{L}\p{N}])[A-Z]{2,5}[-_/]?(?:\d{2,4}[-_/])?\d{3,}(?![\p{L}\p{N}])/gu

const capitalised = String.raw`\p{Lu}[\p{L}'’-]+`
const titledNamePattern = new RegExp(
  String.raw`(?<![\p{L}])(Mr|Mrs|Ms|Miss|Mister|Madam|Madame|Monsieur|Mademoiselle|Mme|Mlle|Mgr|Dr|Dre|Docteur|Doctor|Pr|Prof|Professeur|Professor|Nurse|Pasteur|Pastor|M)(\.\s*|\s+)((?:${capitalised}|\p{Lu}\.)(?:\s+(?:${capitalised}|\p{Lu}\.)){0,3})`,
  'gu',
)
const introducedNamePattern = new RegExp(
  String.raw`(?<![\p{L}])((?:named|called|name is|name:|nom\s*:|nommée?|appelée?|s['’]appelle|patiente?|husband|wife|mother|father|brother|sister|son|daughter|mari|épouse|mère|père|frère|sœur|fils|fille)\s+)(${capitalised}(?:\s+${capitalised}){0,3})`,
  'gu',
)
/** A surname in capitals beside a first name: MBARGA Jean, Jean MBARGA. Acronyms stand alone or beside lower case. */
const shoutedNamePattern = /(?<![\p{L}])(?:\p{Lu}{4,}(?:\s+\p{Lu}{4,})?\s+\p{Lu}\p{Ll}{2,}|\p{Lu}\p{Ll}{2,}\s+\p{Lu}{4,})(?![\p{L}])/gu

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
    .replace(introducedNamePattern, (whole, lead: string, found: string) => (isSentenceStart(found) ? whole : `${lead}${name}`))
    .replace(shoutedNamePattern, name)
    .replace(/\p{Lu}[\p{L}'’-]+/gu, (word) => (names.has(foldText(word)) ? name : word))
  return scrubbed.replace(/(?:\[name removed\][\s,]*){2,}/g, (run) => name + (/\s$/.test(run) ? ' ' : ''))
}

/** Medical words that are written with a capital after "patient" or a relative: not names. */
function isSentenceStart(words: string): boolean {
  return /^(?:HIV|VIH|TB|AIDS|SIDA|COVID|BCG|ECG|IRM|Diabetic|Hypertensive|Known|Aged|Presented|Admitted|Reports|Denies)(?!\p{Ll})/u.test(words)
}

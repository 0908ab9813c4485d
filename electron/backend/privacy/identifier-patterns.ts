/** What points to a person in a text, as patterns that importing records and concealing questions share. */

export const emailPattern = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.[\p{L}]{2,}/gu

/** A Cameroonian number has 9 digits; with a country code up to 13, with any separators. Blood counts and pressures are shorter. */
export const phonePattern = /(?<![\p{L}\p{N}])\(?(?:\+|00)?\d(?:[\s().-]{0,2}\d){7,13}(?![\p{L}\p{N}])/gu

/** A number with the word that says what it is: a card, a file, an insurance, a passport. */
export const labelledIdPattern = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:(?:patient|hospital|file|record|dossier|card|carte)\s*(?:id|no|nr|number|num[ée]ro|n°|#)|registration|insurance|matricule|passport|passeport|cni|ipp|mrn|nip)` +
    String.raw`\s*(?:id|no|nr|number|num[ée]ro|n°|#)?\s*[:#.°-]?\s*(?=[\p{L}-]*\d)[\p{L}\p{N}][\p{L}\p{N}/-]{2,}`,
  'giu',
)

/** Letters and digits joined as in PT-00123 or HGD/2024/118; two digits or fewer are a grade or a vitamin (B12, stage-2). */
export const codePattern = /(?<![\p{L}\p{N}])[A-Z]{2,5}[-_/]?(?:\d{2,4}[-_/])?\d{3,}(?![\p{L}\p{N}])/gu

const capitalised = String.raw`\p{Lu}[\p{L}'’-]+`

/** Title, what stands between, name. */
export const titledNamePattern = new RegExp(
  String.raw`(?<![\p{L}])(Mr|Mrs|Ms|Miss|Mister|Madam|Madame|Monsieur|Mademoiselle|Mme|Mlle|Mgr|Dr|Dre|Docteur|Doctor|Pr|Prof|Professeur|Professor|Nurse|Pasteur|Pastor|M)(\.\s*|\s+)((?:${capitalised}|\p{Lu}\.)(?:\s+(?:${capitalised}|\p{Lu}\.)){0,3})`,
  'gu',
)

/** What leads to a name, name. */
export const introducedNamePattern = new RegExp(
  String.raw`(?<![\p{L}])((?:named|called|name is|name:|nom\s*:|nommée?|appelée?|s['’]appelle|patiente?|husband|wife|mother|father|brother|sister|son|daughter|mari|épouse|mère|père|frère|sœur|fils|fille)\s+)(${capitalised}(?:\s+${capitalised}){0,3})`,
  'gu',
)

/** A surname in capitals beside a first name: MBARGA Jean, Jean MBARGA. Acronyms stand alone or beside lower case. */
export const shoutedNamePattern = /(?<![\p{L}])(?:\p{Lu}{4,}(?:\s+\p{Lu}{4,})?\s+\p{Lu}\p{Ll}{2,}|\p{Lu}\p{Ll}{2,}\s+\p{Lu}{4,})(?![\p{L}])/gu

/** Medical words that are written with a capital after "patient" or a relative: not names. */
export function isMedicalCapital(words: string): boolean {
  return /^(?:HIV|VIH|TB|AIDS|SIDA|COVID|BCG|ECG|IRM|Diabetic|Hypertensive|Known|Aged|Presented|Admitted|Reports|Denies)(?!\p{Ll})/u.test(words)
}

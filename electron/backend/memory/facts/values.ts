/** Doses, dates, numbers and the like in a statement: what a correction can replace in an earlier one. */

export type ValueType = 'phone' | 'pressure' | 'date' | 'clock' | 'dose' | 'weight' | 'height' | 'temperature' | 'duration' | 'blood_group' | 'schedule' | 'side' | 'count' | 'number'

export interface StatedValue {
  type: ValueType
  /** Within a type, what can be compared: `mass` of a dose, `weekday` of a date, `month` of a duration. */
  form: string
  /** Offsets in the plain text. */
  from: number
  to: number
  /** The number alone, when the value is one: its text in figures and where it stands. */
  number: { text: string; from: number; to: number } | null
  /** Time of day that it is for. */
  slot: string | null
  /** Said to be wrong or over ("not the 3rd", "from 40 to 20 mg"); `cutFrom` is where the words that say so begin. */
  old: boolean
  cutFrom: number
}

const wordNumbers: Readonly<Record<string, string>> = {
  one: '1', un: '1', une: '1', two: '2', deux: '2', three: '3', trois: '3', four: '4', quatre: '4', five: '5', cinq: '5', six: '6', seven: '7', sept: '7', eight: '8', huit: '8', nine: '9', neuf: '9',
  ten: '10', dix: '10', eleven: '11', onze: '11', twelve: '12', douze: '12', thirteen: '13', treize: '13', fourteen: '14', quatorze: '14', fifteen: '15', quinze: '15', sixteen: '16', seize: '16', eighteen: '18', twenty: '20', vingt: '20',
  thirty: '30', trente: '30', forty: '40', quarante: '40', fifty: '50', cinquante: '50', sixty: '60', soixante: '60',
}
const figures = '\\d+(?:[.,]\\d+)?'
const anyNumber = `(?<number>${figures}|${Object.keys(wordNumbers).join('|')})`
const months =
  'january|february|march|april|may|june|july|august|september|october|november|december|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|jan|janv|feb|fev|apr|avr|jun|jul|juil|aug|sept|sep|oct|nov|dec'
const unmistakableMonths = months.replace('|march|', '|').replace('|may|', '|').replace('|mars|', '|').replace('|jan|janv|', '|janv|').replace('|mai|', '|')
const weekdays = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche'
const timesOfDay = 'morning|noon|midday|lunch|lunchtime|afternoon|evening|night|bedtime|matin|midi|apres midi|soir|nuit|coucher'
const edge = { start: '(?<![a-z0-9])', end: '(?![a-z0-9])' }
const expression = (source: string): RegExp => new RegExp(`${edge.start}(?:${source})${edge.end}`, 'g')

/** In the order in which they are tried; what one has taken, no later one takes. */
const shapes: readonly { type: ValueType; form: string | ((match: RegExpMatchArray) => string); pattern: RegExp }[] = [
  { type: 'phone', form: 'phone', pattern: expression('(?:\\+?\\s?237\\s?)?[26](?:[\\s.]?\\d){7,8}') },
  { type: 'date', form: 'day', pattern: expression('\\d{1,2}[/.]\\d{1,2}[/.](?:\\d{4}|\\d{2})') },
  { type: 'date', form: 'day', pattern: expression(`\\d{1,2}\\s?(?:st|nd|rd|th|er)?\\s+(?:of\\s+)?(?:${months})(?:\\s+(?:19|20)\\d\\d)?`) },
  { type: 'date', form: 'day', pattern: expression(`(?:${months})\\s+(?:the\\s+)?\\d{1,2}(?:st|nd|rd|th)?(?!\\s?(?:mg|kg|g|ml|%|years|ans))(?:\\s*,?\\s+(?:19|20)\\d\\d)?`) },
  { type: 'date', form: 'month', pattern: expression(`(?:(?:${months})\\s+(?:19|20)\\d\\d|(?:${unmistakableMonths})|(?<=(?:in|of|since|last|next|this|en|de|depuis|debut|fin|mi)\\s+)(?:${months}))`) },
  { type: 'date', form: 'year', pattern: expression('(?:19[2-9]\\d|20[0-4]\\d)(?!\\s?(?:mg|ml|g|francs|fcfa|cfa|f|kcal))') },
  { type: 'date', form: 'weekday', pattern: expression(`(?:(?:next|this|last)\\s+)?(?:${weekdays})(?:\\s+(?:prochain|dernier|passe|morning|afternoon|evening|matin|soir))?`) },
  { type: 'date', form: 'ordinal', pattern: expression('\\d{1,2}(?:st|nd|rd|th)') },
  { type: 'date', form: 'ordinal', pattern: expression('(?<=(?:le|au|the|du)\\s+)\\d{1,2}(?!\\s?[a-z%:/.,]*[a-z0-9%:/])(?=\\s*(?:$|[,;)]))|(?<=(?:le|au)\\s+)\\d{1,2}(?=\\s+(?:a|vers|at|avec|chez|pour|et|au lieu)\\s)') },
  { type: 'date', form: 'relative', pattern: expression('tomorrow|apres demain|demain|next week|next month|la semaine prochaine|le mois prochain') },
  { type: 'pressure', form: 'pressure', pattern: expression('\\d{1,3}\\s?(?:/|sur|over)\\s?\\d{1,3}') },
  { type: 'clock', form: 'clock', pattern: expression('\\d{1,2}\\s?h\\s?\\d{2}|\\d{1,2}:\\d{2}(?:\\s?(?:am|pm))?|\\d{1,2}\\s?(?:am|pm|a m|p m|o clock)|(?<=(?:at|a|vers|around|about|before|avant|apres|after)\\s+)\\d{1,2}\\s?(?:heures?|h)|(?<=(?:at|a|vers)\\s+)\\d{1,2}[.]\\d{2}|midday|noon|midi pile') },
  { type: 'weight', form: 'kg', pattern: expression(`${anyNumber}\\s?(?:kg|kgs|kilos?|kilogrammes?|kilograms?)(?:\\s+(?:et demi|and a half|\\d{3}))?`) },
  { type: 'height', form: 'cm', pattern: expression(`1\\s?m\\s?\\d\\d|1[.,]\\d\\d\\s?m|${anyNumber}\\s?(?:cm|centim[a-z]*)`) },
  { type: 'dose', form: 'mass', pattern: expression(`${anyNumber}\\s?(?:mg|mcg|ug|g|grams?|grammes?|milligram[a-z]*)(?!\\s?/\\s?d?l)`) },
  { type: 'dose', form: 'units', pattern: expression(`${anyNumber}\\s?(?:ui|iu|units?|unites?|u)`) },
  { type: 'dose', form: 'volume', pattern: expression(`${anyNumber}\\s?(?:ml|cc|spoons?|spoonfuls?|teaspoons?|tablespoons?|cuilleres?(?:\\s+a\\s+(?:cafe|soupe))?|cuillerees?|drops?|gouttes?)`) },
  { type: 'dose', form: 'pieces', pattern: expression(`${anyNumber}\\s?(?:tablets?|comprimes?|cps?|pills?|capsules?|gelules?|puffs?|bouffees?|sachets?|injections?|piqures?|patch(?:es)?)`) },
  { type: 'temperature', form: 'temperature', pattern: expression('(?:3[5-9]|4[0-2])[.,]\\d(?:\\s?(?:degrees?|degres?|c))?') },
  { type: 'schedule', form: 'schedule', pattern: expression(`(?:once|twice|thrice|(?:${figures}|${Object.keys(wordNumbers).join('|')})\\s+(?:times?|fois))\\s+(?:a|per|par|every|each|chaque|daily|weekly)\\s*(?:day|week|month|jour|semaine|mois)?|(?:every|toutes les|chaque)\\s+(?:${figures}|${Object.keys(wordNumbers).join('|')})\\s+(?:hours?|heures?)|every other day|un jour sur deux|(?:each|every|in the|at|le|chaque|tous les|la|au|before|avant le|avant)\\s+(?:${timesOfDay})s?(?:\\s*(?:,|and|et)\\s*(?:(?:in the|at|le|la|every)\\s+)?(?:${timesOfDay}))*|(?:${timesOfDay})(?:\\s*(?:,|and|et)\\s*(?:${timesOfDay}))+|daily|nightly|per day|a day|par jour|every day|chaque jour|tous les jours`) },
  { type: 'count', form: 'people', pattern: expression(`${anyNumber}\\s+(?:(?:other|young|small|petits?|grands?|beaux)\\s+)?(?:child(?:ren)?|kids?|enfants?|boys?|girls?|garcons?|filles?|sons?|daughters?|pikins?)`) },
  { type: 'duration', form: (match) => durationForm(match[0]), pattern: expression(`${anyNumber}\\s?(?:years?|yrs?|ans?|annees?|months?|mois|weeks?|semaines?|sa|days?|jours?|hours?|heures?)(?:\\s+old)?`) },
  { type: 'blood_group', form: 'blood_group', pattern: expression('(?:(?:ab|b|o)|(?<=(?:group|groupe|blood|sanguin|type|est|is|says|dit|carte|:)\\s+)a)\\s?(?:rh\\s?)?(?:positive|negative|positif|negatif|pos|neg)(?!\\s+(?:test|result|sign|person|patient))|(?:ab|a|b|o)\\s?[+-]') },
  { type: 'side', form: 'side', pattern: expression('left(?!\\s+(?:the|a|my|home|him|her|me|over))|gauche|right(?=\\s+(?:[a-z]*(?:arm|leg|knee|eye|ear|side|foot|hand|hip|shoulder|breast|kidney|ankle|wrist|elbow|lung|ovary|thigh|cheek|temple|heel)s?|one|not)(?![a-z]))|(?<=the )right|droite|(?<=(?:cote|pied|bras|oeil|genou|poignet|sein|rein|coude|doigt|mollet|talon)\\s+)droit') },
  { type: 'number', form: 'number', pattern: expression(figures) },
]

function durationForm(text: string): string {
  if (/year|yr|an/.test(text)) return 'year'
  if (/month|mois/.test(text)) return 'month'
  if (/week|semaine|sa$/.test(text)) return 'week'
  return /day|jour/.test(text) ? 'day' : 'hour'
}

const article = '(?:(?:on|at|in|the|le|la|les|l|du|de|d|a|au|pour|for|as|every|each|chaque|tous)\\s+){0,3}'
/** Words that make the value behind them a former or wrong one. */
const oldBefore = new RegExp(`(?:^|[\\s,(])(?:and\\s+not|et\\s+non|not|pas|non\\s+pas|non|instead\\s+of|au\\s+lieu|rather\\s+than|plutot\\s+que|no\\s+longer|replacing|replaces|remplace)\\s+${article}$`)
const saidBefore = /(?:^|[\s,])(?:i|j|je)\s+(?:have\s+|had\s+|ai\s+|avais\s+)?(?:said|wrote|told\s+you|gave|put|typed|dit|ecrit|donne|mis|marque)\s+(?:you\s+|vous\s+)?(?:(?:that\s+)?it\s+was\s+|que\s+c\s+etait\s+)?(?:(?:on|the|le|la|au|du|de|it|at)\s+){0,2}$/
const wasBefore = /(?:^|[\s,])(?:was|were|used\s+to\s+be|before|avant|etait|etais|avais|pesais|prenais|prenait)\s+(?:(?:it\s+was|c\s+etait|at|on|the|le|a|de|taking|with)\s+)*$/
const fromBefore = /(?:^|[\s,])(?:from|de|du|d)\s+(?:the\s+)?$/
const toBefore = /^\s*(?:(?:mg|unites|units|kg)\s*)?(?:up\s+|down\s+)?(?:to|a|au|en|vers)\s+(?:the\s+|le\s+)?$/
const nowBefore = /(?:^|[\s,])(?:now|maintenant|but|mais|desormais|currently)\s+(?:(?:it\s+is|it\s+s|c\s+est|is|at|on|the|le|a|de|i\s+take|je\s+prends|je\s+pese|i\s+weigh|j\s+en\s+suis|je\s+suis|i\s+am|i\s+m|s|m|am|est|suis)\s+)*$/
const slotWords: readonly [RegExp, string][] = [
  [/morning|matin/, 'morning'],
  [/noon|midday|lunch|midi/, 'noon'],
  [/evening|soir/, 'evening'],
  [/night|nuit|bedtime|coucher/, 'night'],
]
const slotOf = (text: string): string | null => slotWords.find(([pattern]) => pattern.test(text))?.[1] ?? null
const slotPattern = new RegExp(`${edge.start}(?:${timesOfDay})${edge.end}`, 'g')

/** The values of a plain text, in order. */
export function readValues(plain: string): StatedValue[] {
  const taken = new Uint8Array(plain.length)
  const values: StatedValue[] = []
  for (const { type, form, pattern } of shapes) {
    for (const match of plain.matchAll(pattern)) {
      const from = match.index
      const to = from + match[0].length
      if (taken.subarray(from, to).includes(1)) continue
      taken.fill(1, from, to)
      values.push({ type, form: typeof form === 'string' ? form : form(match), from, to, number: numberIn(match[0], from), slot: null, old: false, cutFrom: from })
    }
  }
  values.sort((one, other) => one.from - other.from)
  values.forEach((value, index) => {
    if (value.type === 'dose' || value.type === 'number') value.slot = slotBeside(plain, value, values[index - 1], values[index + 1])
    markOld(plain, values, index)
  })
  return values
}

const firstNumber = new RegExp(`${figures}|${edge.start}(?:${Object.keys(wordNumbers).join('|')})${edge.end}`)
function numberIn(text: string, at: number): StatedValue['number'] {
  const match = firstNumber.exec(text)
  if (!match) return null
  const normal = wordNumbers[match[0]] ?? match[0].replace(',', '.')
  return { text: normal, from: at + match.index, to: at + match.index + match[0].length }
}

/** The time of day that a dose is for: named right behind it, or right before. */
function slotBeside(plain: string, value: StatedValue, before: StatedValue | undefined, after: StatedValue | undefined): string | null {
  const numeric = (other: StatedValue | undefined): boolean => other !== undefined && (other.type === 'dose' || other.type === 'number')
  const end = numeric(after) && after ? after.from : plain.length
  const behind = plain.slice(value.to, Math.min(end, value.to + 28)).split(/[,.;]/)[0] ?? ''
  const named = [...behind.matchAll(slotPattern)]
  if (named.length > 1) return null
  const [first] = named
  if (first && !/(?:this|ce|cette)\s+$/.test(behind.slice(0, first.index))) return slotOf(first[0])
  const start = before && numeric(before) ? before.to : 0
  const ahead = plain.slice(Math.max(start, value.from - 24), value.from)
  const last = [...ahead.matchAll(slotPattern)].at(-1)
  return last && !/(?:this|ce|cette)\s+$/.test(ahead.slice(0, last.index)) ? slotOf(last[0]) : null
}

/** Marks a value that the statement itself calls wrong or over. */
function markOld(plain: string, values: readonly StatedValue[], index: number): void {
  const value = values[index]
  if (!value) return
  const before = plain.slice(0, value.from)
  const next = values.slice(index + 1).find((other) => comparable(value, other) || comparable(other, value))
  const between = next ? plain.slice(value.to, next.from) : ''
  const rules: RegExp[] = [oldBefore]
  if (next) {
    rules.push(saidBefore)
    if (nowBefore.test(` ${between}`)) rules.push(wasBefore)
    if (toBefore.test(between)) rules.push(fromBefore)
  }
  for (const rule of rules) {
    const match = rule.exec(before)
    if (!match) continue
    value.old = true
    value.cutFrom = match.index
    return
  }
}

/** Whether one value can stand in the place of another. */
export function comparable(value: StatedValue, earlier: StatedValue): boolean {
  if (value.type === earlier.type) {
    if (value.type === 'duration') return value.form === earlier.form || (longTerm.has(value.form) && longTerm.has(earlier.form))
    if (value.type === 'dose') return value.form === earlier.form
    return true
  }
  // A number without its unit: "it is 850, not 500".
  if (value.type === 'number') return earlier.number !== null && earlier.type !== 'date' && earlier.type !== 'phone' && earlier.type !== 'schedule'
  if (earlier.type === 'number') return value.type === 'dose' || value.type === 'weight' || value.type === 'duration' || value.type === 'temperature'
  return false
}
const longTerm = new Set(['month', 'week'])

/** Whether two values are the same number, day or word. */
export function sameValue(plain: string, value: StatedValue, earlierPlain: string, earlier: StatedValue): boolean {
  const text = (source: string, one: StatedValue): string => source.slice(one.from, one.to).replace(/\s+/g, ' ')
  if (text(plain, value) === text(earlierPlain, earlier)) return true
  if (value.number && earlier.number && value.number.text === earlier.number.text) {
    if (value.type === 'date' || earlier.type === 'date') return value.form === 'ordinal' || value.type === 'number' || earlier.form === 'ordinal' || monthOf(text(plain, value)) === monthOf(text(earlierPlain, earlier))
    return true
  }
  return false
}
function monthOf(text: string): string {
  return /[a-z]{3}/.exec(text.replace(/\d+(?:st|nd|rd|th)?/g, ''))?.[0] ?? ''
}

/**
 * Finds in what people write the words that point to a person: names, telephone numbers, e-mail addresses, numbers of cards and files, dates of
 * birth, addresses. Rules find what is announced or has a known form; a rare name without any announcement is not found.
 */
import fs from 'node:fs'
import path from 'node:path'
import { findPhoneNumbersInText } from 'libphonenumber-js/min'
import { parse } from 'yaml'
import { z } from 'zod'
import { foldText } from '../knowledge/language/fold-text.js'
import { codePattern, emailPattern, isMedicalCapital, phonePattern, shoutedNamePattern, titledNamePattern } from './identifier-patterns.js'

export const identifierKinds = ['NAME', 'PHONE', 'EMAIL', 'ID', 'BIRTH_DATE', 'PLACE'] as const
export type IdentifierKind = (typeof identifierKinds)[number]

export interface Identifier {
  kind: IdentifierKind
  /** UTF-16 offsets in the text. */
  start: number
  end: number
  value: string
}

const notWithin = String.raw`(?<![\p{L}\p{N}])`
const word = String.raw`[\p{L}][\p{L}'’-]*`
const capital = String.raw`\p{Lu}[\p{L}'’-]*`

/** After these a name follows, whatever its letters' case. */
const namedPattern = new RegExp(
  String.raw`${notWithin}(?:je m['’]\s?appelle|moi c['’]est|mon nom(?: complet)? (?:est|c['’]est)|(?:son|leur) nom est|nom(?: et pr[ée]noms?)?\s*:|pr[ée]nom\s*:|appelez[- ]moi|(?:il|elle|qui) s['’]appelle|s['’]appelle|se nomme|nomm[ée]e?|au nom de|` +
    String.raw`my (?:full )?name(?: is|['’]s|:)|(?:his|her|their|whose) name is|name\s*:|i am called|i['’]m called|(?:is|are) called|call me|named)\s+(${word}(?:\s+${word}){0,3})`,
  'giu',
)
/** After these a name follows when it is written with a capital. */
const relatives = [
  'fils|fille|garçon|enfant|bébé|mari|époux|épouse|femme|père|mère|papa|maman|frère|sœur|soeur|oncle|tante|cousine?|neveu|nièce|grand-mère|grand-père|voisine?|amie?|copine?|collègue|patiente?|malade|infirmière?|sage-femme|docteur',
  'son|daughter|boy|girl|child|baby|husband|wife|father|mother|dad|mum|mom|brother|sister|uncle|aunt|auntie|cousin|nephew|niece|grandmother|grandfather|neighbou?r|friend|colleague|patient|nurse|midwife|pikin',
].join('|')
const relativePattern = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${relatives})(?:\s+(?:is|est|called|:))?,?\s+(${capital}(?:[ -]${capital}){0,3})`, 'gu')
const selfPattern = new RegExp(String.raw`${notWithin}(?:[Ii] am|[Ii]['’]m|[Jj]e suis|[Cc]['’]est|[Tt]his is|[Ii]ci)\s+(${capital}(?:[ -]${capital}){0,3})(?=\s*(?:[,.!;]|$|and\b|et\b|from\b|de\b|,?\s*j['’e]|speaking\b|qui\b))`, 'gu')

/** Words that end a name written in small letters. */
const endsName = new Set(
  `and et i je j il elle he she we nous mais but i'm i'am j'ai have has ai a de from of du des la le les the my mon ma est is suis am with avec pour for qui who que in dans en au aux à at to years ans year âgé âgée aged depuis since because car parce and the son her his il elle on j'habite habite live lives want veux voudrais need besoin please svp merci thanks the doctor docteur madame monsieur`.split(/\s+/),
)
/** Written with a capital after "I am" or a relative, and no name. */
const noName = new Set(
  `muslim christian catholic protestant hindu jewish musulman musulmane chrétien chrétienne catholique protestante juif english french anglais anglaise français française cameroonian camerounais camerounaise nigerian african africain africaine
  monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche january february march april may june july august september october november december
  hiv vih aids sida tb covid adn dna ecg irm mri rh madame monsieur docteur doctor urgent je j i il elle the le la les un une mon ma my vitamin vitamine`.split(/\s+/),
)

const months =
  'january|february|march|april|may|june|july|august|september|october|november|december|janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre'
const date = String.raw`\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}(?:st|nd|rd|th|er)?(?:\s+of)?\s+(?:${months})\s+\d{4}|(?:${months})\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}`
const birthPattern = new RegExp(String.raw`${notWithin}(?:n[ée]e?s?|date de naissance|naissance|naquis|anniversaire|born|date of birth|d\.?o\.?b\.?|birth ?date|birthday)(?![\p{L}])[^.\n\d]{0,25}?(${date})`, 'giu')

const idPattern = new RegExp(
  String.raw`${notWithin}(?:(?:num[ée]ro|number|n°|no|code)\s*(?:de|d['’]|du|of)?\s*)?(?:carte d['’]identit[ée]|identity card|id card|national id|cni|passeport|passport|dossier|matricule|(?:carte d['’])?assur(?:ance|é)|insurance|mutuelle|police|policy|cnps|niu|permis|patiente?|hospital|file|record|medical record|mrn|ipp|nip)` +
    String.raw`(?:\s*(?:id|number|num[ée]ro|no|nr|n°|card|code|m[ée]dical))?\s*(?:is|est|c['’]est|porte le|:|#|=|n°|no\b\.?)*\s*(?:num[ée]ro\s*)?((?=[\p{L}/-]*\d[\p{L}\d/-]*\d)[\p{L}\d][\p{L}\d/-]{3,})`,
  'giu',
)
/** Letters before a number that are a measurement's. */
const measurement = /^(?:BP|TA|PA|FC|HR|FR|RR|SPO|PAS|PAD|CD)\d/i
const longNumberPattern = /(?<![\p{L}\p{N}.,/])\d{9,}(?![\p{L}\p{N}]|[.,/]\d)/gu
const oldPhonePattern = /(?<=(?:t[ée]l(?:[ée]phone)?|phone|num[ée]ro|number|whatsapp|appel\p{L}*|call\p{L}*|contact\p{L}*)[^\d\n]{0,15})(?:\d[\s.-]?){7}\d(?!\d)/giu
const addressPattern = new RegExp(
  String.raw`${notWithin}(?:(?:au |du )?quartier|j['’]habite(?: (?:à|a|au|aux|en|vers|derrière|près de|dans le quartier))?|nous habitons(?: (?:à|au|vers))?|[Ii] live (?:in|at|near|behind)|[Ww]e live (?:in|at|near)|my address is|mon adresse(?: est|:)?|adresse\s*:|address\s*:|carrefour|rue|avenue|boulevard|street)\s+((?:de |du |des |la |le )?(?:\d+[, ]+)?${capital}(?:[ -](?:${capital}|\d{1,3}(?!\d)))*)`,
  'gu',
)
const boxPattern = /(?<![\p{L}\p{N}])B\.?\s?P\.?\s?\d{2,6}\s+(?=Douala|Yaound)/gu

const placesFile = z.object({ quarters: z.array(z.array(z.string().min(1))), ordinary_words: z.array(z.string()), towns: z.array(z.array(z.string().min(1))) })

export class IdentifierFinder {
  readonly #names: ReadonlySet<string>
  readonly #towns: ReadonlySet<string>
  readonly #quarters: RegExp
  readonly #ordinaryNames: ReadonlySet<string>

  /** `names` are common names, `places` quarters and towns, `ordinaryNames` names that are words too; see the files that `load` reads. */
  constructor(parts: { names: readonly string[]; places: z.infer<typeof placesFile>; ordinaryNames: readonly string[] }) {
    this.#names = new Set(parts.names.map(foldText))
    this.#ordinaryNames = new Set(parts.ordinaryNames.map(foldText))
    this.#towns = new Set(parts.places.towns.flat().map(foldText))
    const ordinary = new Set(parts.places.ordinary_words)
    const quarters = parts.places.quarters.flat().filter((name) => !ordinary.has(name)).sort((one, other) => other.length - one.length)
    this.#quarters = new RegExp(String.raw`${notWithin}(?:${quarters.map((name) => name.replace(/[/\\^$*+?.()|[\]{}]/g, '\\$&').replace(/ /g, String.raw`[\s-]`)).join('|')})(?![\p{L}\p{N}])`, 'giu')
  }

  /** Reads data/clinical/names.yaml, and places.yaml and ordinary-names.yaml of data/privacy. Throws when one is missing or not valid. */
  static load(dataFolder: string): IdentifierFinder {
    const read = <Value>(schema: z.ZodType<Value>, ...file: string[]): Value => schema.parse(parse(fs.readFileSync(path.join(dataFolder, ...file), 'utf8')))
    const groups = z.array(z.array(z.string()))
    return new IdentifierFinder({
      names: read(groups, 'clinical', 'names.yaml').flat(),
      places: read(placesFile, 'privacy', 'places.yaml'),
      ordinaryNames: read(groups, 'privacy', 'ordinary-names.yaml').flat(),
    })
  }

  /** Whether a name is an ordinary word too. */
  isOrdinaryWord(name: string): boolean {
    return this.#ordinaryNames.has(foldText(name))
  }

  /** The identifiers of a text in order, none overlapping another. */
  find(text: string): Identifier[] {
    const found: Identifier[] = []
    const take = (kind: IdentifierKind, start: number, value: string): void => {
      const trimmed = value.replace(/[\s,.;:'’-]+$/u, '')
      const end = start + trimmed.length
      if (trimmed.length < 2 || found.some((other) => start < other.end && other.start < end)) return
      found.push({ kind, start, end, value: trimmed })
    }
    const takeGroup = (kind: IdentifierKind, pattern: RegExp, accept: (value: string) => string = (value) => value): void => {
      for (const match of text.matchAll(pattern)) {
        const value = accept(match[1] ?? match[0])
        if (value !== '') take(kind, match.index + match[0].lastIndexOf(match[1] ?? match[0]), value)
      }
    }
    takeGroup('EMAIL', emailPattern)
    takeGroup('BIRTH_DATE', birthPattern)
    takeGroup('ID', idPattern)
    for (const { startsAt, endsAt } of findPhoneNumbersInText(text, { defaultCountry: 'CM' })) {
      take('PHONE', startsAt, text.slice(startsAt, endsAt))
    }
    for (const match of text.matchAll(phonePattern)) if (isCameroonian(match[0])) take('PHONE', match.index, match[0])
    for (const match of text.matchAll(oldPhonePattern)) take('PHONE', match.index, match[0])
    for (const match of text.matchAll(codePattern)) if (!measurement.test(match[0])) take('ID', match.index, match[0])
    takeGroup('ID', longNumberPattern)
    takeGroup('NAME', namedPattern, (value) => this.#nameOf(value))
    for (const match of text.matchAll(titledNamePattern)) {
      const name = match[3] ?? ''
      take('NAME', match.index + match[0].length - name.length, name)
    }
    takeGroup('NAME', relativePattern, nameOrNothing)
    takeGroup('NAME', selfPattern, nameOrNothing)
    takeGroup('NAME', shoutedNamePattern, nameOrNothing)
    takeGroup('PLACE', addressPattern, (value) => (this.#towns.has(foldText(value.split(/[ ,]/)[0] ?? '')) ? '' : value))
    takeGroup('PLACE', boxPattern)
    takeGroup('PLACE', this.#quarters)
    this.#takeKnownNames(text, take)
    return found.sort((one, other) => one.start - other.start)
  }

  /** Names of the country written with a capital, with the capitalised words beside them. */
  #takeKnownNames(text: string, take: (kind: IdentifierKind, start: number, value: string) => void): void {
    for (const match of text.matchAll(new RegExp(String.raw`${notWithin}${capital}(?:[ -]${capital})*`, 'gu'))) {
      const words = match[0].split(/[ -]/)
      const isName = (part: string): boolean => this.#names.has(foldText(part))
      const first = words.findIndex(isName)
      if (first < 0) continue
      // What stands before the first known name may be the beginning of the sentence ("Hier Marie …"): it counts only with a name after it in capitals.
      const from = words.slice(0, first).every((part) => /^\p{Lu}{2,}$/u.test(part)) ? 0 : first
      const start = match.index + words.slice(0, from).reduce((length, part) => length + part.length + 1, 0)
      take('NAME', start, text.slice(start, match.index + match[0].length))
    }
  }

  /** The part of the words after "my name is" that is a name. */
  #nameOf(words: string): string {
    let length = 0
    let count = 0
    for (const match of words.matchAll(new RegExp(word, 'gu'))) {
      const folded = match[0].toLowerCase()
      const small = match[0] === folded
      if (count > 0 && (endsName.has(folded) || (small && count >= 2))) break
      if (count === 0 && (endsName.has(folded) || noName.has(folded))) return ''
      // After a name with capitals a small word is no part of it.
      if (count > 0 && small && /^\p{Lu}/u.test(words)) break
      length = match.index + match[0].length
      count++
    }
    return words.slice(0, length)
  }
}

function nameOrNothing(value: string): string {
  const first = value.split(/[ -]/)[0] ?? ''
  return noName.has(first.toLowerCase()) || isMedicalCapital(value) || first.length < 2 ? '' : value
}

function isCameroonian(number: string): boolean {
  const digits = number.replace(/\D/g, '')
  return /^(?:(?:00)?237)?[26]\d{8}$/.test(digits) || (/^\s*\(?(?:\+|00)/.test(number) && digits.length >= 10)
}

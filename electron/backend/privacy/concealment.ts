/**
 * Puts placeholders in the place of what points to a person before a text leaves the device, and puts it back in what returns. One concealment
 * belongs to one conversation: the same value has the same placeholder throughout, and none is known to another conversation.
 */
import { foldText } from '../knowledge/language/fold-text.js'
import { identifierKinds, type IdentifierFinder, type IdentifierKind } from './identifier-finder.js'

interface Concealed {
  kind: IdentifierKind
  number: number
  value: string
}

/** Parts of a name shorter than this are not looked for by themselves. */
const shortestPart = 3
/** A model translates a placeholder now and then. */
const spellings: Record<IdentifierKind, string> = {
  NAME: 'NAME|NOM|PERSON|PERSONNE|PATIENT_NAME',
  PHONE: 'PHONE|T[ÉE]L[ÉE]PHONE|TEL|NUM[ÉE]RO',
  EMAIL: 'E-?MAIL|COURRIEL|MAIL',
  ID: 'ID|IDENTIFIANT|IDENTIFIER',
  BIRTH_DATE: 'BIRTH[_ -]?DATE|DATE[_ -](?:DE[_ -])?NAISSANCE|DATE',
  PLACE: 'PLACE|LIEU|ADRESSE|ADDRESS|QUARTIER',
}
const kindOf = (spelling: string): IdentifierKind | undefined => identifierKinds.find((kind) => new RegExp(`^(?:${spellings[kind]})$`, 'iu').test(spelling))
const anySpelling = Object.values(spellings).join('|')
const label = String.raw`(${anySpelling})[\s_\\-]*(\d{1,4})`
const brackets: readonly [string, string][] = [[String.raw`\\?\[{1,2}`, String.raw`\\?\]{1,2}`], [String.raw`\(`, String.raw`\)`], [String.raw`\{{1,2}`, String.raw`\}{1,2}`], ['<', '>'], ['«', '»']]
/** In any kind of brackets, with or without Markdown's escape; without brackets when the underscore shows what it is. */
const placeholderPattern = new RegExp(
  [...brackets.map(([open, close]) => String.raw`${open}\s*${label}\s*${close}`), String.raw`(?<![\p{L}\p{N}_])(${anySpelling})\\?_(\d{1,4})(?![\p{L}\p{N}_])`].join('|'),
  'giu',
)

export class Concealment {
  readonly #finder: IdentifierFinder
  readonly #all: Concealed[] = []
  /** Values, and parts of names, by their folded form. */
  readonly #byValue = new Map<string, Concealed>()
  readonly #counts = new Map<IdentifierKind, number>()
  #pattern: RegExp | null = null

  constructor(finder: IdentifierFinder) {
    this.#finder = finder
  }

  /** Makes a value known, e.g. the name in the person's profile. Empty ones are left out. */
  know(kind: IdentifierKind, value: string): void {
    this.#known(kind, value.trim())
  }

  /** Finds what a text tells, without changing it: texts are learned in the order of the conversation, so that numbers stay. */
  learn(text: string): void {
    for (const { kind, value } of this.#finder.find(text)) this.#known(kind, value)
  }

  /** The text as it may leave. */
  hide(text: string): string {
    this.learn(text)
    if (this.#all.length === 0) return text
    this.#pattern ??= this.#valuesPattern()
    return text.replace(this.#pattern, (match: string, offset: number) => {
      const concealed = this.#byValue.get(keyOf(match)) ?? this.#byValue.get(digitsOf(match))
      if (!concealed || !this.#isMeant(concealed, match, offset, text)) return match
      return placeholder(concealed)
    })
  }

  /** A text that came back, with the values in their places; a placeholder that was never given stays as it is. */
  restore(text: string): string {
    return text.replace(placeholderPattern, (match: string, ...groups: unknown[]) => {
      const [spelling, number] = groups.filter((group, index): group is string => typeof group === 'string' && index < 2 * (brackets.length + 1))
      const kind = kindOf(spelling ?? '')
      return this.#all.find((one) => one.kind === kind && one.number === Number(number))?.value ?? match
    })
  }

  #known(kind: IdentifierKind, value: string): void {
    if (value.length < 2) return
    const key = kind === 'PHONE' ? digitsOf(value) : keyOf(value)
    const before = this.#byValue.get(key)
    // A part of a name that is met by itself stays the whole name's.
    if (before) return
    const number = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, number)
    const concealed = { kind, number, value }
    this.#all.push(concealed)
    this.#byValue.set(key, concealed)
    if (kind === 'NAME') {
      for (const part of value.split(/[\s-]+/)) {
        if (part.length >= shortestPart && !this.#byValue.has(keyOf(part))) this.#byValue.set(keyOf(part), concealed)
      }
    }
    this.#pattern = null
  }

  /** A name that is also an ordinary word (Pierre, Grace) counts in small letters only where it is announced as a name. */
  #isMeant(concealed: Concealed, match: string, offset: number, text: string): boolean {
    if (concealed.kind !== 'NAME' || /^\p{Lu}/u.test(match)) return true
    return !this.#finder.isOrdinaryWord(match) || this.#finder.find(text).some(({ start, end }) => start <= offset && offset < end)
  }

  #valuesPattern(): RegExp {
    const values = [...this.#byValue.keys()].sort((one, other) => other.length - one.length)
    return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${values.map(anyForm).join('|')})(?![\p{L}\p{N}])`, 'giu')
  }
}

function keyOf(value: string): string {
  return foldText(value).replace(/[\s()./-]+/g, ' ').trim()
}

/** A telephone number is the same however its digits are grouped. */
function digitsOf(value: string): string {
  return value.replace(/\D/g, '')
}

/** A pattern for a folded value with any accents and any separators between its parts. */
function anyForm(key: string): string {
  if (/^\d{8,}$/.test(key)) return String.raw`\(?\+?` + [...key].join(String.raw`[\s().-]{0,2}`)
  return key
    .split(' ')
    .map((part) => [...part].map((letter) => accented[letter] ?? letter.replace(/[/\\^$*+?.()|[\]{}]/g, '\\$&')).join(''))
    .join(String.raw`[\s()./-]+`)
}

const accented: Readonly<Record<string, string>> = { a: '[aàâäáã]', c: '[cç]', e: '[eéèêëẽ]', i: '[iîïíì]', n: '[nñ]', o: '[oôöóò]', u: '[uùûüú]', y: '[yÿ]', "'": "['’‘ʼ`´]" }

function placeholder({ kind, number }: Concealed): string {
  return `[${kind}_${number}]`
}

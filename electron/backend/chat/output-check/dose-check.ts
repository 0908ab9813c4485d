/** Finds an amount of a medicine in a sentence, and whether a cited passage holds that very amount. */
import { foldText } from '../../knowledge/language/fold-text.js'
import type { DoseWords } from './answer-rules.js'
import type { MedicineNames } from './medicine-names.js'
import { anyOf } from './phrase-pattern.js'

/** One amount, or how often: `500 mg`, `2 tablet`, `3 daily`. */
interface Amount {
  numbers: readonly number[]
  unit: string
  kind: 'mass' | 'form' | 'frequency'
}

const number = String.raw`\d+(?:[.,]\d+)?`

export class DoseCheck {
  readonly #medicines: MedicineNames
  readonly #numbers: Readonly<Record<string, number>>
  readonly #units = new Map<string, { unit: string; kind: 'mass' | 'form' }>()
  readonly #amountPattern: RegExp
  readonly #frequencyPatterns: readonly RegExp[]
  readonly #notAfter: RegExp
  readonly #formWords: RegExp

  constructor(words: DoseWords, medicines: MedicineNames) {
    this.#medicines = medicines
    this.#numbers = words.numbers
    for (const [unit, names] of Object.entries(words.mass)) for (const name of names) this.#units.set(foldText(name), { unit, kind: 'mass' })
    for (const [unit, names] of Object.entries(words.forms)) for (const name of names) this.#units.set(foldText(name), { unit, kind: 'form' })
    const anyNumber = `(?:${number}|${anyOf(Object.keys(words.numbers))})`
    const range = String.raw`(${anyNumber})(?:\s*(?:-|–|to|or|a|ou|et|and)\s*(${anyNumber}))?`
    const units = [...this.#units.keys()].sort((one, other) => other.length - one.length).map((unit) => unit.replace(/[/]/g, '\\/').replace(/ /g, String.raw`\s+`)).join('|')
    this.#amountPattern = new RegExp(String.raw`(?<![\p{L}\p{N}.,/])${range}[\s\u00a0-]*(?:(?:of|de|d'|an?|une?)\s*)?(${units})(?![\p{L}\p{N}])`, 'gu')
    this.#frequencyPatterns = words.frequencies.map((pattern) => new RegExp(String.raw`(?<![\p{L}\p{N}])${pattern.replaceAll('{n}', `(${anyNumber})`).replaceAll(' ?', String.raw`\s*`).replace(/ /g, String.raw`\s+`)}(?![\p{L}])`, 'gu'))
    this.#notAfter = new RegExp(`^(?:${words.not_after.map((after) => foldText(after).replace(/[/]/g, '\\/').replace(/ /g, String.raw`[\s\u00a0]+`)).join('|')})`, 'u')
    this.#formWords = new RegExp(String.raw`(?<![\p{L}])(?:${anyOf(Object.values(words.forms).flat())})(?![\p{L}])`, 'u')
  }

  /**
   * Whether a sentence holds a dose that none of the cited passages holds. `before` is the sentence before it, which may have named the medicine.
   */
  fails(sentence: string, before: string, cited: readonly string[]): boolean {
    const text = plain(sentence)
    const amounts = this.#amounts(text)
    const namesMedicine = this.#medicines.in(text).length > 0 || this.#formWords.test(text)
    const isDose = (amount: Amount): boolean => {
      if (amount.kind === 'form') return true
      const often = amounts.some((other) => other.kind === 'frequency')
      if (amount.kind === 'mass') return namesMedicine || often || this.#medicines.in(plain(before)).length > 0
      return namesMedicine || amounts.some((other) => other.kind !== 'frequency')
    }
    const doses = amounts.filter(isDose)
    if (doses.length === 0) return false
    const held = cited.map((passage) => this.#amounts(plain(passage)))
    return !held.some((known) => doses.every((dose) => known.some((other) => same(dose, other))))
  }

  #amounts(text: string): Amount[] {
    const amounts: Amount[] = []
    for (const match of text.matchAll(this.#amountPattern)) {
      const after = text.slice(match.index + match[0].length)
      const unit = this.#units.get((match[3] ?? '').replace(/\s+/g, ' '))
      if (!unit || this.#notAfter.test(after) || /^\s*(?:\/|per|par)\s*(?:l|dl|litre)\b/u.test(after)) continue
      amounts.push({ numbers: this.#values([match[1], match[2]]), ...unit })
    }
    for (const pattern of this.#frequencyPatterns) {
      for (const match of text.matchAll(pattern)) {
        amounts.push({ numbers: this.#values(match.slice(1).length > 0 && match[1] !== undefined ? [match[1]] : [match[0].split(/\s/)[0]]), unit: /hour|heure|\dh|\d\s*h\b/u.test(match[0]) ? 'hours' : 'times', kind: 'frequency' })
      }
    }
    return amounts
  }

  #values(texts: readonly (string | undefined)[]): number[] {
    return texts.flatMap((text) => {
      if (text === undefined) return []
      const value = this.#numbers[text] ?? Number(text.replace(',', '.'))
      return Number.isNaN(value) ? [] : [value]
    })
  }
}

function plain(text: string): string {
  // "1 000 mg" and "1,000 mg" are one number; citations and emphasis are none.
  return foldText(text)
    .replace(/\[\d[\d\s,]*\]/g, ' ')
    .replace(/[*_]/g, '')
    .replace(/(?<=\d)[\u00a0\u202f ](?=\d{3}(?!\d))/g, '')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
}

function same(one: Amount, other: Amount): boolean {
  return one.unit === other.unit && one.numbers.every((value) => other.numbers.includes(value))
}

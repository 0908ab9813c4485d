/** Values of a correction with the earlier ones whose place they take, and the earlier words with them put in. */
import { firstMatch } from './phrase.js'
import { readFacts } from './read-statements.js'
import { readable, type ReadableText } from './readable-text.js'
import type { MemoryRules } from './rules.js'
import { comparable, type StatedValue } from './values.js'

export interface ValuePair {
  value: StatedValue
  earlier: StatedValue
}

/** Whether a dose is of something to eat or drink: "200 g of rice". */
export function isOfFood(plain: string, value: StatedValue, rules: MemoryRules): boolean {
  if (value.type !== 'dose') return false
  const behind = /^\s+(?:of|de|d|du)\s+(\S.*)$/.exec(plain.slice(value.to))?.[1]
  return behind !== undefined && (firstMatch(rules.medicine, behind)?.index ?? 1) > 0
}

/** Part of a statement that is about one medicine, with its values. */
export interface Segment {
  values: StatedValue[]
  keys: string[]
}

/** Parts of a statement that name a medicine each, with its values; one part when there are not several. */
export function segments(values: readonly StatedValue[], plain: string, keys: readonly string[], rules: MemoryRules): Segment[] {
  const named = [...plain.matchAll(rules.medicine)]
  const doses = values.filter((value) => value.type === 'dose' && !value.old)
  if (named.length < 2 || doses.length < 2) return [{ values: [...values], keys: [...keys] }]
  return named.map((match, index) => {
    const from = match.index
    const to = named[index + 1]?.index ?? plain.length
    const keys = readFacts(plain.slice(from, to), plain.slice(from, to), false, rules).keys
    return { values: values.filter((value) => value.from >= from && value.to <= to), keys }
  })
}

/** New values with the earlier ones whose place they take. With a dose only doses and their times count; dates then say when it was changed. */
export function pairValues(values: readonly StatedValue[], earlier: readonly StatedValue[], denied: readonly StatedValue[]): ValuePair[] {
  const has = (type: StatedValue['type']): boolean => values.some((value) => value.type === type)
  const relevant = values.filter((value) => !(has('dose') && !['dose', 'schedule'].includes(value.type)) && !(value.type === 'number' && values.some((one) => one.type !== 'number' && one.type !== 'date' && one.type !== 'schedule')))
  const pairs: ValuePair[] = []
  const used = new Set<StatedValue>()
  for (const value of relevant) {
    const candidates = earlier.filter((one) => !used.has(one) && comparable(value, one))
    const wanted = candidates.filter((one) => denied.includes(one))
    const bySlot = value.slot === null ? [] : candidates.filter((one) => one.slot === value.slot)
    const byForm = candidates.filter((one) => one.type === value.type && one.form === value.form)
    const [found] = wanted.length > 0 ? wanted : bySlot.length > 0 ? bySlot : byForm.length > 0 ? byForm : candidates
    if (!found) continue
    // With a time of its own on both sides, a dose replaces that of the same time only.
    used.add(found)
    pairs.push({ value, earlier: found })
  }
  const doses = pairs.filter(({ value }) => value.type === 'dose')
  const keepsTimes = doses.some(({ value, earlier: one }) => value.slot !== null && value.slot === one.slot) || earlier.filter((one) => one.type === 'dose').length > 1
  return pairs.filter(({ value }) => value.type !== 'schedule' || !keepsTimes)
}

export function slotsAgree(pairs: ValuePair[]): boolean {
  return pairs.every(({ value, earlier }) => value.slot === null || earlier.slot === null || value.slot === earlier.slot)
}

/** The earlier text with new values in the places of the old ones. */
export function substitute(text: string, source: ReadableText, pairs: ValuePair[], newText: string, newSource: ReadableText): string {
  let result = text
  for (const { value, earlier } of [...pairs].sort((one, other) => other.earlier.from - one.earlier.from)) {
    const numberOnly = value.type === 'number' || (earlier.type !== value.type && earlier.number !== null && value.number !== null && earlier.type !== 'number')
    const to = numberOnly && earlier.number ? earlier.number : earlier
    const from = numberOnly && value.number ? value.number : value
    const replacement = newText.slice(newSource.offsets[from.from], newSource.offsets[from.to])
    const start = source.offsets[to.from] ?? 0
    const end = source.offsets[to.to] ?? text.length
    result = result.slice(0, start) + replacement + result.slice(end)
  }
  return result
}

/** The text without the values that it calls wrong ("…, not the 3rd"). */
export function withoutOld(text: string, values: readonly StatedValue[]): string {
  const source = readable(text)
  let result = text
  for (const value of [...values].filter((one) => one.old).sort((one, other) => other.from - one.from)) {
    const start = source.offsets[value.cutFrom] ?? 0
    const end = source.offsets[value.to] ?? text.length
    result = `${result.slice(0, start)} ${result.slice(end)}`
  }
  if (result === text) return text
  return result.replace(/\s+/g, ' ').replace(/\s+,/g, ',').replace(/^[\s,]+|[\s,]+$/g, '').replace(/^(?:but|mais|and|et)\s+/i, '')
}

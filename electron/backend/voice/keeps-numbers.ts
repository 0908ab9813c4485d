/** Whether a translation has kept what must not change: every number, every dose, every citation and every placeholder. */

/** Numbers up to this may be written as words in one language and as digits in the other ("two", "2"). */
const wordNumbers = 12
const units = 'mg|mcg|µg|g|kg|ml|cl|dl|l|ui|iu|%|°c|mmhg|mmol'
const quantity = new RegExp(String.raw`(\d+)\s*(${units})(?![\p{L}])`, 'giu')
const placeholder = /\[[A-Z][A-Z_]*_\d+\]/g

export function keepsNumbers(original: string, translation: string): boolean {
  const before = joined(original)
  const after = joined(translation)
  return (
    sameMultiset(original.match(placeholder) ?? [], translation.match(placeholder) ?? []) &&
    sameMultiset(quantities(before), quantities(after)) &&
    numbersKept(before, after)
  )
}

/** Digits in groups and decimals as one run, however a language separates them: "37.5" and "37,5", "2,000" and "2 000". */
function joined(text: string): string {
  return text.replace(placeholder, ' ').replace(/(?<=\d)[.,](?=\d)/g, '').replace(/(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))/g, '')
}

function quantities(text: string): string[] {
  return [...text.matchAll(quantity)].map(([, number = '', unit = '']) => `${number}${unit.toLowerCase().replace('iu', 'ui').replace('mcg', 'µg')}`)
}

function numbersKept(before: string, after: string): boolean {
  const kept = counted(after.match(/\d+/g) ?? [])
  for (const number of before.match(/\d+/g) ?? []) {
    const left = kept.get(number) ?? 0
    if (left === 0) {
      if (Number(number) > wordNumbers) return false
    } else kept.set(number, left - 1)
  }
  return [...kept].every(([number, left]) => left === 0 || Number(number) <= wordNumbers)
}

function sameMultiset(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort())
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

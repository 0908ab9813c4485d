/** Normalised names of what a statement is about: medicines, substances, diseases, and what is true of them. */
import { readable } from './readable-text.js'
import type { MemoryRules } from './rules.js'
import { occurs } from './phrase.js'
import { readValues } from './values.js'

const articles = /^(?:(?:the|a|an|any|some|all|my|this|that|of|to|le|la|les|l|un|une|des|du|de|d|au|aux|a|mon|ma|mes|cette?|tout|toute|tous|toutes|other|certain|certains)\s+)+/
const anything = /^(?:anything|nothing|any|something|rien|none|aucune?|medicines?|medicaments?|drugs?|food|aliments?|known|connue?s?|quoi que ce soit|that i know|it|ca)$/
const listEnd = /\s*(?:[,;.(]|\s(?:but|mais|since|depuis|because|car|which|qui|so|donc|it|ca|elle|il|i|je|when|quand|too|aussi|as well|also|a lot|beaucoup|pas|not|except|sauf|they|on|this|for|with|by|at|in|my|ma|mon|is|est)(?![a-z0-9]))/

function withoutArticles(words: string): string {
  return words.replace(articles, '').trim()
}

/** One name for a word in both languages: pénicilline, penicillin, penicillins. */
export function normalName(words: string): string {
  return withoutArticles(words)
    .split(/\s+/)
    .map((word) => (word.length > 4 ? word.replace(/s$/, '').replace(/e$/, '') : word))
    .join(' ')
    .trim()
}

/** A word behind a verb of taking: a medicine, when it is written like a name or taken at set times. */
const takenWord = /(?<![a-z])(?:take|takes|taking|took|use|uses|using|on|swallow|swallows|prends|prend|prenons|utilise|sous|avale|gave\s+(?:me|him|her)|donne|prescrit|prescribed|mis\s+sous)\s+(?:(?:le|la|les|l|du|de|d|un|une|the|some|my|mon|ma|a)\s+){0,3}([a-z][a-z0-9]{3,})/g

/** Names of the medicines in a plain text, as they are said: known ones, the word in front of a dose, and names behind "I take". */
export function medicineNames(plain: string, rules: MemoryRules, original: string): string[] {
  const names = new Set<string>()
  for (const match of plain.matchAll(rules.medicine)) names.add(withoutArticles(match[0]))
  const values = readValues(plain)
  const capitalised = new Set(readable(original).plain === plain ? capitalisedWords(original) : [])
  for (const value of values) {
    if (value.type !== 'dose' || (value.form !== 'mass' && value.form !== 'units')) continue
    const match = /(?:^|([a-z0-9]+)[\s,]+)([a-z][a-z0-9]{3,})\s+(?:(?:a|de|at|of|is|c|est|to|now|maintenant)\s+){0,3}$/.exec(plain.slice(0, value.from))
    const word = match?.[2]
    const isNamed = word !== undefined && (capitalised.has(word) || /^(?:take|takes|taking|on|prends|prend|sous|du|de|le|la|l|of|my|and|et|with|plus|some|the|mon)$/.test(match?.[1] ?? ''))
    if (word !== undefined && isNamed && !notNames.has(word)) names.add(word)
  }
  const isTimed = values.some((value) => value.type === 'schedule')
  for (const [, word = ''] of plain.matchAll(takenWord)) {
    if (!notNames.has(word) && !taken.has(word) && (capitalised.has(word) || isTimed)) names.add(word)
  }
  return [...names].filter((name) => name !== '')
}

/** Folded words that begin with a capital inside the text. */
function capitalisedWords(original: string): string[] {
  return [...original.matchAll(/(?<=[\p{L}\p{N}’'][\s’'-]+)\p{Lu}[\p{L}\p{N}]+/gu)].map((match) => readable(match[0]).plain)
}

/** What is taken and is no medicine. */
const taken = new Set(
  `breakfast lunch dinner supper coffee water milk food meal meals taxi bike moto train photo photos care care time part note notes place rest walk shower bath seat break turn advice petit dejeuner cafe eau repas lait soin
  soins place temps note rendez train douche bain photo monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche january february march april june july august september october november
  december janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre foot duty leave medicine medicines tablet tablets drug drugs medicament medicaments comprimes comprime traitement treatment salt sugar sucre rice
  riz bread pain nourriture gouter something quelque chose blood sang weight poids control`.split(/\s+/),
)
const notNames = new Set(
  `dose take takes taking took prends prend prendre dosage about environ only seulement reduced reduit lowered raised increased augmente baisse passe monte mis puis avec with then from jusqu matin soir morning evening night midi tablet tablets
  comprime comprimes medicine medicament unites units plus moins half demi pour dans over under give given donne each every chaque injection syrup sirop changed change doubled double wrote said says that this them they these those it is been
  dit ecrit marque prescrit prescribed have must need needs daily week semaine today`.split(/\s+/),
)

/** What a statement of allergy names, as it is said. */
export function allergySubstances(plain: string, rules: MemoryRules): string[] {
  const found = new Set<string>()
  const named = /(?:allerg[a-z]*|intoleran[a-z]*|react[a-z]*|reagi[a-z]*)\s+(?:badly\s+|mal\s+)?(?:to|a|au|aux|d|de)\s+(.+)$/.exec(plain)?.[1]
  if (named) {
    const list = named.slice(0, listEnd.exec(` ${named}`)?.index ?? named.length)
    const rest = named.slice(list.length)
    for (const part of list.split(/\s+(?:and|or|et|ou|ni)\s+(?:(?:to|a|au|aux)\s+)?|\s*,\s*/)) {
      const name = withoutArticles(part.trim())
      if (name !== '' && name.split(' ').length <= 4) found.add(name)
    }
    for (const match of rest.matchAll(rules.agent)) found.add(withoutArticles(match[0]))
  } else {
    for (const match of plain.matchAll(rules.agent)) found.add(withoutArticles(match[0]))
    const before = /(?:^|\s)([a-z]{3,})\s+(?:allergy|allergies)/.exec(plain)?.[1]
    if (before && !/^(?:no|any|known|an|have|has|food|drug|the|my|skin)$/.test(before)) found.add(before)
  }
  return [...found]
}

/** Whether what stands at a place is denied: a negation in the four words before it, or a verb denied around it. */
export function isDenied(plain: string, at: number, rules: MemoryRules): boolean {
  const before = plain.slice(0, at).split(/[,;]|(?<![a-z])(?:but|mais)(?![a-z])/).at(-1) ?? ''
  const near = before.trim().split(/\s+/).slice(-5).join(' ')
  return near !== '' && occurs(rules.negation, near) && !/(?:not only|pas seulement|no longer sure|not sure|pas sur)/.test(near)
}

/** `allergy:penicillin`, `allergy:none`, or `allergy:not penicillin`. */
export function allergyKeys(plain: string, rules: MemoryRules): string[] {
  const substances = allergySubstances(plain, rules).filter((name) => !anything.test(name))
  const mention = plain.search(/(?<![a-z])(?:allerg|intoleran)/)
  const denied = (mention >= 0 && isDenied(plain, mention, rules)) || /allerg[a-z]*\s+(?:to|a)\s+(?:nothing|rien)|(?:allerg[a-z]*\s*:?\s*(?:none|aucune?|neant|no|non))$/.test(plain)
  if (!denied) return substances.map((name) => `allergy:${normalName(name)}`)
  return substances.length === 0 ? ['allergy:none'] : substances.map((name) => `allergy:not ${normalName(name)}`)
}

/** What must not be contradicted: the facts of a conversation that an answer is checked against. */
import type { LedgerEntry } from './facts/ledger.js'
import { isOfPatient } from './facts/patient.js'
import { allergySubstances, medicineNames, normalName } from './facts/read-keys.js'
import { readable } from './facts/readable-text.js'
import type { MemoryRules } from './facts/rules.js'

export interface PinnedAllergy {
  /** What the person reacts to, as they said it, folded (lower case, no accents) and without articles: `penicilline`, `crevettes`, `latex`. */
  substance: string
  /** The statement in the person's own words. */
  words: string
}

export interface PinnedMedicine {
  /** The name as they said it, folded, without dose. */
  name: string
  words: string
}

/** Of the person that the conversation is for; other people's facts are not among them. Corrected and forgotten facts are left out. */
export interface PinnedSafety {
  allergies: PinnedAllergy[]
  /** True or false when they said so, null when they did not. */
  pregnant: boolean | null
  breastfeeding: boolean | null
  medicines: PinnedMedicine[]
  /** Chronic diseases, folded, as recognised: `diabetes`, `asthma`. */
  conditions: { name: string; words: string }[]
}

const named = (keys: readonly string[], prefix: string): string[] =>
  keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)).filter((name) => !name.startsWith('not ') && name !== 'none')

/** The facts to check against, from the statements of a conversation. */
export function pinnedSafety(entries: readonly LedgerEntry[], patient: string, rules: MemoryRules): PinnedSafety {
  const current = entries.filter((entry) => entry.supersededBy === null && entry.kind !== 'question' && isOfPatient(entry, patient))
  const pinned: PinnedSafety = { allergies: [], pregnant: null, breastfeeding: null, medicines: [], conditions: [] }
  for (const { keys, text: words } of current) {
    const { plain } = readable(words)
    const substances = new Set(named(keys, 'allergy:'))
    pinned.allergies.push(...allergySubstances(plain, rules).filter((substance) => substances.has(normalName(substance))).map((substance) => ({ substance, words })))
    // "The doctor stopped ibuprofen" names what is not taken.
    const medicines = new Set(rules.stop.occursIn(plain) ? [] : named(keys, 'medicine:'))
    pinned.medicines.push(...medicineNames(plain, rules, words).filter((name) => medicines.has(normalName(name))).map((name) => ({ name, words })))
    pinned.conditions.push(...named(keys, 'condition:').map((name) => ({ name, words })))
    if (keys.includes('pregnancy:yes')) pinned.pregnant = true
    else if (keys.includes('pregnancy:no')) pinned.pregnant = false
    if (keys.includes('breastfeeding:yes')) pinned.breastfeeding = true
    else if (keys.includes('breastfeeding:no')) pinned.breastfeeding = false
  }
  return pinned
}

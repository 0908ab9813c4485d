/** What a statement says beside values and words of correction, to tell whether two statements are about one thing. */
import { foldedWords, stemWord } from '../../knowledge/language/text-terms.js'
import { isStopWord } from '../../knowledge/language/stop-words.js'
import { readable } from './readable-text.js'
import type { MemoryRules } from './rules.js'
import { readValues, type StatedValue } from './values.js'

export interface SaidContent {
  plain: string
  values: readonly StatedValue[]
  /** Stems of both languages. */
  stems: ReadonlySet<string>
}

/** Words that are left of a bare correction and say nothing. */
const emptyWords = new Set(
  `not pas non no yes oui sorry pardon wait attends attendez meant mean wrong mistake tromp trompe trompee erreur correction rectification actually fact fait realite finalement finally plutot rather instead says said dit dis
  voulais veux dire check checked verifie regarde exactly exactement precise years ans old months mois weeks semaines kilos dose doses dosage day days jour jours date dates hour hours heure heures time times number numero week semaine
  weight poids reading chiffre value paper papier booklet carnet card carte file dossier diary calendar calendrier agenda prescription ordonnance letter lettre box boite written writes wrote write ecrit marque lis lire lu read reads
  doctor docteur medecin nurse infirmiere infirmier specialist specialiste secretariat secretary secretaire clinic hospital hopital service told tells called appele appelle call put met mis mets new nouveau nouvelle nouvel today aujourd
  aujourdhui yesterday hier morning matin changed change changes replaced follow followed place there looking look looked again encore counted compte badly mal`.split(/\s+/),
)
/** Texts remembered for each set of rules: a correction is compared with every earlier statement. */
const remembered = new WeakMap<MemoryRules, Map<string, SaidContent>>()
const rememberedLimit = 5_000

/** The content of a text. */
export function saidContent(text: string, rules: MemoryRules): SaidContent {
  const known = remembered.get(rules) ?? new Map<string, SaidContent>()
  remembered.set(rules, known)
  const before = known.get(text)
  if (before) return before
  const { plain } = readable(text)
  const values = readValues(plain)
  let rest = plain
  for (const value of values) rest = rest.slice(0, value.cutFrom) + ' '.repeat(value.to - value.cutFrom) + rest.slice(value.to)
  for (const pattern of [rules.strong, rules.weak, rules.change]) rest = rest.replace(pattern, ' ')
  const stems = new Set<string>()
  for (const lang of ['en', 'fr'] as const) {
    for (const word of foldedWords(rest, lang)) {
      if (isStopWord(word, 'en') || isStopWord(word, 'fr') || emptyWords.has(word)) continue
      stems.add(stemWord(word, lang))
    }
  }
  const content = { plain, values, stems }
  if (known.size >= rememberedLimit) known.clear()
  known.set(text, content)
  return content
}

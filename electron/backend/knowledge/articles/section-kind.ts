/** What a section of an article is for, by the headings that every article uses, and what a question asks for. */
import type { Language } from '../../../../shared/contract/common.js'
import { foldText } from '../language/fold-text.js'

export type SectionKind = 'summary' | 'signs' | 'danger' | 'self_care' | 'avoid' | 'when_to_come' | 'treatment' | 'prevention' | 'at_hospital'

const headings: Record<SectionKind, readonly string[]> = {
  summary: ['in short', 'en bref'],
  signs: ['signs', 'signes'],
  danger: ['danger signs: come now', 'signes de danger : venez tout de suite'],
  self_care: ['what you can do', 'ce que vous pouvez faire'],
  avoid: ['what not to do', "ce qu'il ne faut pas faire"],
  when_to_come: ['when to come to the hospital', "quand venir a l'hopital"],
  treatment: ['how it is treated', 'comment cela se soigne'],
  prevention: ['prevention'],
  at_hospital: ['at the hospital', "a l'hopital"],
}
const kinds = new Map(Object.entries(headings).flatMap(([kind, names]) => names.map((name) => [name, kind as SectionKind])))

/** The kind of a section, or null for a heading of another document. */
export function sectionKind(heading: string): SectionKind | null {
  return kinds.get(foldText(heading).replace(/\s+/g, ' ').trim()) ?? null
}

const askedFor: readonly { kind: SectionKind; words: Record<Language, RegExp> }[] = [
  { kind: 'prevention', words: { en: /\b(?:prevent|avoid (?:getting|catching)|protect|vaccin)/, fr: /\b(?:prevenir|prevention|eviter d|se proteger|proteger|vaccin)/ } },
  { kind: 'treatment', words: { en: /\b(?:treat|cure|medicine for|how is it)/, fr: /\b(?:soigne|traite|guerir|medicament pour|remede)/ } },
  { kind: 'when_to_come', words: { en: /\b(?:when should|should i come|go to the hospital|see a doctor)/, fr: /\b(?:quand (?:venir|aller|consulter)|dois-je (?:venir|aller|consulter)|aller a l'hopital)/ } },
  { kind: 'avoid', words: { en: /\b(?:not (?:to )?do|shouldn't|should (?:i |we )?not|must not|forbidden)/, fr: /\b(?:ne pas faire|ne faut(?:-il)? pas|ne (?:dois|doit|peut|peux)(?:-\w+)? pas|interdit)/ } },
  { kind: 'signs', words: { en: /\b(?:signs?|symptoms?|how do i know)\b/, fr: /\b(?:signes?|symptomes?|comment savoir|reconnaitre)\b/ } },
  { kind: 'self_care', words: { en: /\b(?:what (?:can|should|do|must) (?:i|we)|what to do|how can i help|how (?:do|can|should) (?:i|we) (?:make|prepare|give|use))/, fr: /\b(?:que faire|quoi faire|que (?:dois|puis|peux)|comment faire|comment (?:preparer|donner|utiliser)|faire quoi)/ } },
]

/** The kinds of section that a question asks for by its words. */
export function askedSections(question: string, language: Language): Set<SectionKind> {
  const folded = foldText(question)
  return new Set(askedFor.filter(({ words }) => words[language].test(folded)).map(({ kind }) => kind))
}

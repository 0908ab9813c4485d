/** The rules of data/memory: read once, checked, compiled. */
import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Language } from '../../../../shared/contract/common.js'
import { factKinds, type FactKind } from '../../../../shared/contract/memory.js'
import { compilePhrases, occurs, PhraseSet, type Terms } from './phrase.js'

const phrases = z.array(z.coerce.string().min(1)).default([])
const bilingual = z.object({ en: z.string().min(1), fr: z.string().min(1) })
const lists = z.record(z.string().regex(/^[a-z_]+$/), z.array(z.coerce.string().min(1)).min(1))

const kindEntry = z.strictObject({
  label: bilingual,
  /** How much it matters that it is remembered, 0 to 100. */
  worth: z.number().int().min(0).max(100),
  /** Words of a question that asks for it. */
  asked: phrases,
  say: z.array(z.coerce.string().min(1)).min(1),
  never: phrases,
  /** Kinds that what is named beside it is not. */
  excludes: z.array(z.enum(factKinds)).default([]),
  /** A person has one of it, so that a newer statement replaces an older one. */
  single: z.boolean().default(false),
  keys: z.record(z.string(), z.array(z.string())).default({}),
})

const factsFile = z.strictObject({
  reviewed_by: z.string(),
  terms: lists,
  conditions: z.record(z.string(), z.array(z.coerce.string().min(1)).min(1)),
  kinds: z.partialRecord(z.enum(factKinds), kindEntry),
})

const relationEntry = z.strictObject({ en: z.string(), fr: z.string(), child: z.boolean().default(false), gender: z.enum(['f', 'm']).nullable().default(null), say: z.array(z.string()).min(1) })
const languageFile = z.strictObject({
  reviewed_by: z.string(),
  terms: lists,
  relations: z.record(z.string(), relationEntry),
  writer: bilingual,
  determiners: phrases,
  self: phrases,
  pronouns: phrases,
  asks: phrases,
  question_begins: phrases,
  question_begins_after_comma: phrases,
  supposes: phrases,
  unsure: phrases,
  past: phrases,
  formerly: phrases,
  negations: phrases,
  openers: phrases,
  openers_with_comma: phrases,
  closers: phrases,
  small_talk: phrases,
  corrections: z.strictObject({ strong: phrases, weak: phrases, change: phrases, stop: phrases, adds: phrases }),
  refers: phrases,
  dispensable: z.array(z.coerce.string()),
})

export interface KindRules {
  kind: FactKind
  label: Record<Language, string>
  worth: number
  single: boolean
  excludes: readonly FactKind[]
  say: PhraseSet
  never: PhraseSet
  asked: RegExp
  keys: readonly { key: string; pattern: PhraseSet }[]
}

export interface Relation {
  name: string
  label: Record<Language, string>
  child: boolean
  /** Null for one that may be either. */
  gender: 'f' | 'm' | null
}

export interface MemoryRules {
  kinds: ReadonlyMap<FactKind, KindRules>
  conditions: readonly { name: string; pattern: PhraseSet }[]
  medicine: RegExp
  agent: RegExp
  relations: ReadonlyMap<string, Relation>
  relationPattern: RegExp
  relationOf(words: string): string | null
  writer: Record<Language, string>
  determiner: RegExp
  self: RegExp
  pronoun: RegExp
  asks: RegExp
  questionBegins: RegExp
  questionBeginsAfterComma: RegExp
  supposes: RegExp
  unsure: RegExp
  past: RegExp
  formerly: RegExp
  negation: RegExp
  openers: RegExp
  openersWithComma: RegExp
  closers: RegExp
  smallTalk: RegExp
  weekday: RegExp
  strong: RegExp
  weak: RegExp
  change: RegExp
  stop: PhraseSet
  adds: RegExp
  refers: RegExp
  dispensable: ReadonlySet<string>
}

const readYaml = (folder: string, name: string): unknown => parse(fs.readFileSync(path.join(folder, name), 'utf8'))

/** Reads the rules. @throws Error when a file is not as it must be, or a phrase cannot be read. */
export function readMemoryRules(folder: string): MemoryRules {
  const facts = factsFile.parse(readYaml(folder, 'facts.yaml'))
  const language = languageFile.parse(readYaml(folder, 'language.yaml'))
  const relationWords = Object.entries(language.relations).flatMap(([name, entry]) => entry.say.map((word) => ({ name, word })))
  const terms: Terms = new Map([
    ...Object.entries(facts.terms),
    ...Object.entries(language.terms),
    ['condition', Object.values(facts.conditions).flat()],
    ['relation', relationWords.map(({ word }) => word)],
  ])
  const compile = (list: readonly string[], anchor?: 'anywhere' | 'start' | 'end' | 'whole'): RegExp => compilePhrases(list, terms, anchor)
  // The longest first, so that a mother-in-law is not a mother.
  const relationPatterns = [...relationWords]
    .sort((one, other) => other.word.length - one.word.length)
    .map(({ name, word }) => ({ name, pattern: compile([word], 'whole') }))
  return {
    kinds: new Map(
      factKinds.flatMap((kind) => {
        const entry = facts.kinds[kind]
        if (!entry) return []
        return [[kind, {
          kind,
          label: entry.label,
          worth: entry.worth,
          single: entry.single,
          excludes: entry.excludes,
          say: new PhraseSet(entry.say, terms),
          never: new PhraseSet(entry.never, terms),
          asked: compile(entry.asked),
          keys: Object.entries(entry.keys).map(([key, list]) => ({ key, pattern: new PhraseSet(list, terms) })),
        }] as const]
      }),
    ),
    conditions: Object.entries(facts.conditions).map(([name, list]) => ({ name, pattern: new PhraseSet(list, terms) })),
    medicine: compile(['<medicine>', '<remedy>']),
    agent: compile(['<agent>']),
    relations: new Map(Object.entries(language.relations).map(([name, { en, fr, child, gender }]) => [name, { name, label: { en, fr }, child, gender }])),
    relationPattern: compile([...relationWords].sort((one, other) => other.word.length - one.word.length).map(({ word }) => word)),
    relationOf: (words) => relationPatterns.find(({ pattern }) => occurs(pattern, words))?.name ?? null,
    writer: language.writer,
    determiner: compile(language.determiners, 'end'),
    self: compile(language.self),
    pronoun: compile(language.pronouns),
    asks: compile(language.asks, 'start'),
    questionBegins: compile(language.question_begins),
    questionBeginsAfterComma: compile(language.question_begins_after_comma, 'start'),
    supposes: compile(language.supposes, 'start'),
    unsure: compile(language.unsure),
    past: compile(language.past),
    formerly: compile(language.formerly),
    negation: compile(language.negations),
    openers: compile(language.openers, 'start'),
    openersWithComma: compile(language.openers_with_comma, 'start'),
    closers: compile(language.closers, 'end'),
    smallTalk: compile(language.small_talk, 'start'),
    weekday: compile(['<weekday>']),
    strong: compile(language.corrections.strong),
    weak: compile(language.corrections.weak),
    change: compile(language.corrections.change),
    stop: new PhraseSet(language.corrections.stop, terms),
    adds: compile(language.corrections.adds),
    refers: compile(language.refers),
    dispensable: new Set(language.dispensable),
  }
}

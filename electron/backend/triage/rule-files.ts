import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const bothLanguages = z.strictObject({ en: z.string().min(1), fr: z.string().min(1) })
const phraseList = z.array(z.string().min(1)).default([])
const phrases = z.strictObject({ en: phraseList, fr: phraseList })
const actionList = z.array(z.string().min(1)).min(1).max(6)
const actions = z.strictObject({ en: actionList, fr: actionList })
const name = z.string().regex(/^[a-z0-9_]+$/)

/** A group of words and phrases that mean one thing. */
const concept = z.strictObject({
  en: phraseList,
  fr: phraseList,
  /** Other concepts that count as this one. */
  any: z.array(name).default([]),
  /** Readings that look like the concept and are not. */
  except: phrases.default({ en: [], fr: [] }),
  /** Who the person is rather than what happens (age, pregnancy, a chronic disease): stays true in the past tense and in a question. */
  background: z.boolean().default(false),
  /** When, how strong, since when: says nothing by itself, is of no one, and stays in force under a negation ("cannot see anything since this morning"). */
  modifier: z.boolean().default(false),
})
export type ConceptEntry = z.infer<typeof concept>

const category = z.strictObject({ name: bothLanguages, reason: bothLanguages, emergency: actions.optional(), urgent: actions.optional() })
export type CategoryEntry = z.infer<typeof category>

const rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  level: z.enum(['emergency', 'urgent']),
  category: name,
  name: bothLanguages,
  reason: bothLanguages.optional(),
  /** Gives way when the second look says that nothing is meant: the rule rests on single alarming words. */
  catch_all: z.boolean().default(false),
  /** Stands even when the second look doubts it. */
  beyond_doubt: z.boolean().default(false),
  /** Each line is one way to fire: concepts joined with `+`, `not name` for what must be absent. */
  when: z.array(z.string().min(1)).min(1),
})
export type RuleEntry = z.infer<typeof rule>

const topicFile = z.strictObject({
  topic: z.string(),
  reviewed_by: z.string(),
  sources: z.array(z.string()).min(1),
  categories: z.record(name, category).default({}),
  concepts: z.record(name, concept).default({}),
  rules: z.array(rule).default([]),
})

const reach = z.union([z.number().int().nonnegative(), z.literal('clause'), z.literal('message')])

/** Words that take what stands near them out of the present: a negation, the past, a figure of speech… */
const scope = z.strictObject({
  id: name,
  /** How far it reaches back and forward from the cue: a number of words within the clause, the clause, or the message. */
  before: reach,
  after: reach,
  /** Words at which the reach ends. */
  stops: z.array(z.string()).default([]),
  /** A concept whose presence in the clause (or message) lifts the scope. */
  unless: name.optional(),
  /** Reaches the next clause when its own says nothing else ("In 2019, …"). */
  spreads: z.boolean().default(false),
  /** Acts only on what stands inside the cue, before its last word ("ne tombe pas"); a phrase that takes in the last word is spared. */
  within: z.boolean().default(false),
  /** Holds for who the person is as well ("not pregnant"). */
  background: z.boolean().default(false),
  en: phraseList,
  fr: phraseList,
  except: phrases.default({ en: [], fr: [] }),
})
export type ScopeEntry = z.infer<typeof scope>

const languageFile = z.strictObject({
  fillers: z.array(z.string()),
  spelling: z.record(z.string(), z.string()),
  /** Words that no gap of a phrase passes over. */
  negations: z.array(z.string()),
  /** Words that begin a new clause. */
  connectors: z.array(z.string()),
  people: z.strictObject({
    self: z.array(z.string()),
    narrator: z.array(z.string()),
    pronouns: z.array(z.string()),
    adults: z.record(name, z.array(z.string())),
    children: z.array(z.string()),
  }),
  scopes: z.array(scope),
})
export type LanguageFile = z.infer<typeof languageFile>

const wordGroupsFile = z.strictObject({
  reviewed_by: z.string(),
  /** Everyday words that say one thing; read by the second look. */
  groups: z.record(name, z.array(z.string().min(1)).min(1)),
  /** Figures of speech: what stands in them is not read at all. */
  sayings: z.array(z.string().min(1)),
})
export type WordGroupsFile = z.infer<typeof wordGroupsFile>

export interface RuleFiles {
  readonly language: LanguageFile
  readonly wordGroups: WordGroupsFile
  readonly concepts: ReadonlyMap<string, ConceptEntry>
  readonly categories: ReadonlyMap<string, CategoryEntry>
  /** In the order of the files' names; within a level the first rule that fires is reported. */
  readonly rules: readonly RuleEntry[]
}

function readYaml<Schema extends z.ZodType>(path: string, text: string, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(parse(text))
  if (!result.success) throw new Error(`${path}: ${z.prettifyError(result.error)}`)
  return result.data
}

function merge<Entry>(into: Map<string, Entry>, entries: Record<string, Entry>, path: string): void {
  for (const [key, entry] of Object.entries(entries)) {
    if (into.has(key)) throw new Error(`${path}: "${key}" is already defined in another file`)
    into.set(key, entry)
  }
}

/** The texts of the rule files, by path, in a fixed order. */
export type RuleSources = ReadonlyMap<string, string>

/** Reads `language.yaml`, `word-groups.yaml` and `topics/*.yaml` of the triage folder. @throws Error naming the file when one is missing */
export async function readRuleSources(folder: string): Promise<RuleSources> {
  const topics = (await readdir(join(folder, 'topics'))).filter((file) => file.endsWith('.yaml')).sort().map((file) => join('topics', file))
  const paths = ['language.yaml', 'word-groups.yaml', ...topics].map((path) => join(folder, path))
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return new Map(paths.map((path, index) => [path, texts[index] ?? '']))
}

/** Parses and checks the rule files. @throws Error naming the file when it is malformed, or contradicts another */
export function parseRuleFiles(sources: RuleSources): RuleFiles {
  const [[languagePath, languageText] = ['', ''], [groupsPath, groupsText] = ['', ''], ...topics] = [...sources]
  const language = readYaml(languagePath, languageText, languageFile)
  const wordGroups = readYaml(groupsPath, groupsText, wordGroupsFile)
  const concepts = new Map<string, ConceptEntry>()
  const categories = new Map<string, CategoryEntry>()
  const rules = new Map<string, RuleEntry>()
  for (const [path, text] of topics) {
    const topic = readYaml(path, text, topicFile)
    merge(concepts, topic.concepts, path)
    merge(categories, topic.categories, path)
    merge(rules, Object.fromEntries(topic.rules.map((entry) => [entry.id, entry])), path)
  }
  for (const entry of rules.values()) {
    const found = categories.get(entry.category)
    if (!found?.[entry.level]) throw new Error(`rule "${entry.id}": the category "${entry.category}" has no actions for level ${entry.level}`)
  }
  return { language, wordGroups, concepts, categories, rules: [...rules.values()] }
}

/** Reads, parses and checks the rule files of the triage folder. @throws Error naming the file and what is wrong */
export async function readRuleFiles(folder: string): Promise<RuleFiles> {
  return parseRuleFiles(await readRuleSources(folder))
}

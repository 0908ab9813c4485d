import { parsePhrase, type Element, type Phrase, type PhraseContext } from './phrase.js'
import { PhraseMatcher } from './phrase-matcher.js'
import type { RuleFiles, ScopeEntry } from './rule-files.js'
import { expandWord, fold, type Spelling } from './tokenise.js'
import { expandGroups, saying, WordGroups, type ExpandedGroups } from './word-groups.js'

/** Names under which what is not a rule's concept is looked up in the same pass. */
export const lookup = {
  except: (concept: string) => `except:${concept}`,
  scope: (id: string) => `scope:${id}`,
  scopeExcept: (id: string) => `scope-except:${id}`,
  connector: 'connector',
  self: 'person:self',
  narrator: 'person:narrator',
  pronoun: 'person:pronoun',
  child: 'person:child',
  adult: (key: string) => `person:adult:${key}`,
} as const

/** Everything that is looked up in an utterance, compiled. */
export interface Lexicon {
  readonly spelling: Spelling
  readonly matcher: PhraseMatcher
  readonly groups: WordGroups
  readonly fillers: ReadonlySet<string>
  readonly scopes: readonly (ScopeEntry & { readonly stopWords: ReadonlySet<string> })[]
  readonly concepts: readonly string[]
  readonly background: ReadonlySet<string>
  readonly modifiers: ReadonlySet<string>
  readonly adults: readonly string[]
}

/** All phrases of the rule files, read; plain data, so that it can be kept in a file. */
export interface PreparedLexicon {
  /** Each different element once. */
  readonly elements: readonly Element[]
  /** Of each name its phrases, as places in `elements`. */
  readonly phrases: Readonly<Record<string, readonly (readonly number[])[]>>
  readonly groups: ExpandedGroups
}

function spellingOf({ language }: RuleFiles): Spelling {
  return new Map(Object.entries(language.spelling).map(([from, to]) => [fold(from), to.split(' ').filter((word) => word !== '').map(fold)]))
}

function namedPhrases({ language, concepts }: RuleFiles): Map<string, readonly string[]> {
  const all = new Map<string, readonly string[]>()
  for (const [name, entry] of concepts) {
    all.set(name, [...entry.en, ...entry.fr, ...entry.any.map((other) => `<${other}>`)])
    all.set(lookup.except(name), [...entry.except.en, ...entry.except.fr])
  }
  for (const scope of language.scopes) {
    all.set(lookup.scope(scope.id), [...scope.en, ...scope.fr])
    all.set(lookup.scopeExcept(scope.id), [...scope.except.en, ...scope.except.fr])
  }
  all.set(lookup.connector, language.connectors)
  all.set(lookup.self, language.people.self)
  all.set(lookup.narrator, language.people.narrator)
  all.set(lookup.pronoun, language.people.pronouns)
  all.set(lookup.child, language.people.children)
  for (const [key, words] of Object.entries(language.people.adults)) all.set(lookup.adult(key), words)
  return all
}

/** Reads the phrases of the rule files. @throws Error when one cannot be read */
export function prepareLexicon(files: RuleFiles): PreparedLexicon {
  const spelling = spellingOf(files)
  const context: PhraseContext = { spelling, fillers: new Set(files.language.fillers.map(fold)), known: new Map(), knownWords: new Map() }
  const places = new Map<string, number>()
  const elements: Element[] = []
  const place = (element: Element): number => {
    const key = JSON.stringify(element)
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, elements.length)
    return elements.push(element) - 1
  }
  const problems: string[] = []
  const read = (name: string, source: string): readonly Phrase[] => {
    try {
      return parsePhrase(source, context)
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      return []
    }
  }
  const phrases = Object.fromEntries([...namedPhrases(files)].map(([name, sources]) => [
    name, sources.flatMap((source) => read(name, source)).map((phrase) => phrase.elements.map(place)),
  ]))
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return { elements, phrases, groups: expandGroups({ ...files.wordGroups.groups, [saying]: files.wordGroups.sayings }, spelling) }
}

function elementAt({ elements }: PreparedLexicon, at: number): Element {
  const element = elements[at]
  if (!element) throw new Error(`the prepared phrases name an element ${at} that is not there`)
  return element
}

/** Makes the lexicon ready for use. @throws Error when a phrase names an unknown concept */
export function compileLexicon(files: RuleFiles, prepared: PreparedLexicon = prepareLexicon(files)): Lexicon {
  const { language } = files
  const spelling = spellingOf(files)
  const fillers = new Set(language.fillers.map(fold))
  const all = new Map(Object.entries(prepared.phrases).map(([name, phrases]) => [
    name, phrases.map((phrase): Phrase => ({ elements: phrase.map((at) => elementAt(prepared, at)) })),
  ]))
  return {
    spelling,
    groups: new WordGroups(prepared.groups),
    fillers,
    matcher: new PhraseMatcher(all, fillers, new Map([
      ...[...files.concepts.keys()].map((name) => [name, lookup.except(name)] as const),
      ...language.scopes.map(({ id }) => [lookup.scope(id), lookup.scopeExcept(id)] as const),
    ]), new Set(language.negations.map(fold))),
    scopes: language.scopes.map((scope) => ({ ...scope, stopWords: new Set(scope.stops.flatMap((word) => expandWord(word, spelling))) })),
    concepts: [...files.concepts.keys()],
    background: new Set([...files.concepts].filter(([, entry]) => entry.background).map(([name]) => name)),
    modifiers: new Set([...files.concepts].filter(([, entry]) => entry.modifier).map(([name]) => name)),
    adults: Object.keys(language.people.adults),
  }
}

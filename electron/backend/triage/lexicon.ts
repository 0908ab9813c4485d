import { parsePhrase, type Phrase, type PhraseContext } from './phrase.js'
import { PhraseMatcher } from './phrase-matcher.js'
import type { RuleFiles, ScopeEntry } from './rule-files.js'
import { expandWord, fold, type Spelling } from './tokenise.js'

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
  readonly scopes: readonly (ScopeEntry & { readonly stopWords: ReadonlySet<string> })[]
  readonly concepts: readonly string[]
  readonly background: ReadonlySet<string>
  readonly modifiers: ReadonlySet<string>
  readonly adults: readonly string[]
}

/** Compiles the rule files' words. @throws Error when a phrase cannot be read or names an unknown concept */
export function compileLexicon(files: RuleFiles): Lexicon {
  const { language } = files
  const spelling: Spelling = new Map(Object.entries(language.spelling).map(([from, to]) => [fold(from), to.split(' ').filter((word) => word !== '').map(fold)]))
  const fillers = new Set(language.fillers.map(fold))
  const context: PhraseContext = { spelling, fillers }
  const all = new Map<string, readonly Phrase[]>()
  const problems: string[] = []
  const add = (name: string, sources: readonly string[]): void => {
    const phrases: Phrase[] = []
    for (const source of sources) {
      try {
        phrases.push(...parsePhrase(source, context))
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    all.set(name, phrases)
  }
  for (const [name, entry] of files.concepts) {
    add(name, [...entry.en, ...entry.fr, ...entry.any.map((other) => `<${other}>`)])
    add(lookup.except(name), [...entry.except.en, ...entry.except.fr])
  }
  for (const scope of language.scopes) {
    add(lookup.scope(scope.id), [...scope.en, ...scope.fr])
    add(lookup.scopeExcept(scope.id), [...scope.except.en, ...scope.except.fr])
  }
  add(lookup.connector, language.connectors)
  add(lookup.self, language.people.self)
  add(lookup.narrator, language.people.narrator)
  add(lookup.pronoun, language.people.pronouns)
  add(lookup.child, language.people.children)
  for (const [key, words] of Object.entries(language.people.adults)) add(lookup.adult(key), words)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return {
    spelling,
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

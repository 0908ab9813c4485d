/** The phrases of data/memory as regular expressions over the plain form of a text. */

/** A number in figures or in words, both languages. */
const number =
  '(?:\\d+(?:[.,]\\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|un|une|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante)'

const builtIn: Readonly<Record<string, string>> = {
  /** The end of what is said: punctuation or a new thought. */
  end: '(?=\\s*(?:[,;.:)]|$)|\\s+(?:and|with|but|now|living|lives|et|mais|who|has|have)(?![a-z0-9]))',
  /** Not "20 ans de mariage". */
  not_of: '(?!\\s+(?:de|d|que|qu|sans|apres|avant|plus|of)(?![a-z0-9]))',
  metres: '(?:1\\s?m\\s?\\d\\d|1[.,]\\d\\d\\s?m)',
  degrees: '(?:3[5-9]|4[0-2])[.,]\\d',
}

/** Start and end of a word, in a text without accents. */
const wordStart = '(?<![a-z0-9])'
const wordEnd = '(?![a-z0-9])'

/** Thrown at load, for a phrase that cannot be read. */
export class PhraseError extends Error {
  constructor(phrase: string, reason: string) {
    super(`memory rules: "${phrase}": ${reason}`)
    this.name = 'PhraseError'
  }
}

export type Terms = ReadonlyMap<string, readonly string[]>

/** The source of a phrase's regular expression, without its word boundaries. @throws PhraseError */
function phraseSource(phrase: string, terms: Terms, depth = 0): string {
  if (depth > 5) throw new PhraseError(phrase, 'lists refer to one another in a circle')
  let source = phrase.trim()
  if (/[\\{}^$]|\(\?/.test(source)) throw new PhraseError(phrase, 'a character that phrases do not have')
  source = source.replace(/ <(end|not_of)>/g, '<$1>')
  // "(x)? y" and "y (x)?": the space belongs to what may be missing.
  source = source.replace(/\(([^()]*)\)\? /g, '(?:(?:$1) )?').replace(/ \(([^()]*)\)\?/g, '(?: (?:$1))?').replace(/\((?!\?)/g, '(?:')
  source = source.replace(/(^|[\s(|:])\*(?=[a-z])/g, '$1[a-z]*').replace(/([a-z0-9/])\*/g, '$1[a-z0-9]*')
  source = source.replace(/ \.\. /g, '(?:,?\\s+\\S+){0,4}?,?\\s+').replace(/ \.\.$/, ',?\\s+\\S+').replace(/^\.\.$/, '\\S+')
  source = source.replace(/ /g, ',?\\s+').replace(/#/g, number)
  return source.replace(/<([a-z_]+)>/g, (_, name: string) => {
    const fixed = builtIn[name]
    if (fixed !== undefined) return fixed
    return listSource(name, phrase, terms, depth)
  })
}

/** Sources of the lists, which many phrases stand on. */
const listSources = new WeakMap<Terms, Map<string, string>>()

function listSource(name: string, phrase: string, terms: Terms, depth: number): string {
  const known = listSources.get(terms) ?? new Map<string, string>()
  listSources.set(terms, known)
  const before = known.get(name)
  if (before !== undefined) return before
  const entries = terms.get(name)
  if (!entries) throw new PhraseError(phrase, `no list is called ${name}`)
  const source = `(?:${entries.map((entry) => phraseSource(entry, terms, depth + 1)).join('|')})`
  known.set(name, source)
  return source
}

/** One expression for several phrases. */
export function compilePhrases(phrases: readonly string[], terms: Terms, anchor: 'anywhere' | 'start' | 'end' | 'whole' = 'anywhere'): RegExp {
  if (phrases.length === 0) return /(?!)/
  const body = `(?:${phrases.map((phrase) => phraseSource(phrase, terms)).join('|')})`
  if (anchor === 'start') return new RegExp(`^${body}${wordEnd}`, 'g')
  if (anchor === 'end') return new RegExp(`${wordStart}${body}$`, 'g')
  if (anchor === 'whole') return new RegExp(`^${body}$`, 'g')
  return new RegExp(`${wordStart}${body}${wordEnd}`, 'g')
}

/** Whether a text holds a word of a list, made once a list and only when it is asked. */
const listPatterns = new WeakMap<Terms, Map<string, RegExp>>()

function listPattern(name: string, terms: Terms): RegExp {
  const known = listPatterns.get(terms) ?? new Map<string, RegExp>()
  listPatterns.set(terms, known)
  const pattern = known.get(name) ?? compilePhrases([`<${name}>`], terms)
  known.set(name, pattern)
  return pattern
}

/**
 * Phrases that are only tried where the lists that they stand on occur at all, because lists of hundreds of words are slow to try at every place.
 * Compiled when they are first tried: a start of the app does not wait for them.
 */
export class PhraseSet {
  readonly #terms: Terms
  readonly #phrases: readonly string[]
  #compiled: { needs: string[]; pattern: RegExp }[] | null = null

  constructor(phrases: readonly string[], terms: Terms) {
    this.#phrases = phrases
    this.#terms = terms
  }

  get #groups(): { needs: string[]; pattern: RegExp }[] {
    if (this.#compiled) return this.#compiled
    const groups = new Map<string, string[]>()
    for (const phrase of this.#phrases) {
      // An optional or alternative list is no condition.
      const needed = [...phrase.matchAll(/(?:^| )<([a-z_]+)>(?= |$)/g)].map((match) => match[1] ?? '').filter((name) => !(name in builtIn))
      const key = [...new Set(needed)].sort().join(' ')
      groups.set(key, [...(groups.get(key) ?? []), phrase])
    }
    this.#compiled = [...groups].map(([key, members]) => ({ needs: key === '' ? [] : key.split(' '), pattern: compilePhrases(members, this.#terms) }))
    return this.#compiled
  }

  /** Where the phrases occur in a plain text. */
  find(plain: string): { from: number; to: number }[] {
    const found: { from: number; to: number }[] = []
    for (const { needs, pattern } of this.#groups) {
      if (needs.some((need) => !occurs(listPattern(need, this.#terms), plain))) continue
      for (const match of plain.matchAll(pattern)) found.push({ from: match.index, to: match.index + match[0].length })
    }
    return found
  }

  /** Whether any of the phrases occurs. */
  occursIn(plain: string): boolean {
    return this.#groups.some(({ needs, pattern }) => needs.every((need) => occurs(listPattern(need, this.#terms), plain)) && occurs(pattern, plain))
  }
}

/** Whether an expression matches anywhere; leaves a global one as if it had not been used. */
export function occurs(pattern: RegExp, plain: string): boolean {
  pattern.lastIndex = 0
  const found = pattern.test(plain)
  pattern.lastIndex = 0
  return found
}

/** The first match of a global expression, from the beginning. */
export function firstMatch(pattern: RegExp, plain: string): RegExpExecArray | null {
  pattern.lastIndex = 0
  const match = pattern.exec(plain)
  pattern.lastIndex = 0
  return match
}

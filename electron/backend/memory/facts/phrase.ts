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

/** Names of the lists that a phrase stands on, with those that they stand on. */
export function termsOf(phrase: string, terms: Terms): Set<string> {
  const found = new Set<string>()
  const visit = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/<([a-z_]+)>/g)) {
      if (name in builtIn || found.has(name)) continue
      found.add(name)
      for (const entry of terms.get(name) ?? []) visit(entry)
    }
  }
  visit(phrase)
  return found
}

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
    const entries = terms.get(name)
    if (!entries) throw new PhraseError(phrase, `no list is called ${name}`)
    return `(?:${entries.map((entry) => phraseSource(entry, terms, depth + 1)).join('|')})`
  })
}

/** One expression for several phrases. */
export function compilePhrases(phrases: readonly string[], terms: Terms, anchor: 'anywhere' | 'start' | 'end' | 'whole' = 'anywhere'): RegExp {
  if (phrases.length === 0) return /(?!)/
  const sources = phrases.map((phrase) => {
    const source = phraseSource(phrase, terms)
    try {
      new RegExp(source)
    } catch (error) {
      throw new PhraseError(phrase, error instanceof Error ? error.message.slice(-60) : 'not a phrase')
    }
    return source
  })
  const body = `(?:${sources.join('|')})`
  if (anchor === 'start') return new RegExp(`^${body}${wordEnd}`, 'g')
  if (anchor === 'end') return new RegExp(`${wordStart}${body}$`, 'g')
  if (anchor === 'whole') return new RegExp(`^${body}$`, 'g')
  return new RegExp(`${wordStart}${body}${wordEnd}`, 'g')
}

/** Phrases that are only tried where the lists that they stand on occur at all, because lists of hundreds of words are slow to try at every place. */
export class PhraseSet {
  readonly #groups: { needs: RegExp[]; pattern: RegExp }[] = []

  constructor(phrases: readonly string[], terms: Terms) {
    const groups = new Map<string, string[]>()
    for (const phrase of phrases) {
      // An optional or alternative list is no condition.
      const needed = [...phrase.matchAll(/(?:^| )<([a-z_]+)>(?= |$)/g)].map((match) => match[1] ?? '').filter((name) => !(name in builtIn))
      const key = [...new Set(needed)].sort().join(' ')
      groups.set(key, [...(groups.get(key) ?? []), phrase])
    }
    for (const [key, members] of groups) {
      const needs = key === '' ? [] : key.split(' ').map((name) => compilePhrases([`<${name}>`], terms))
      this.#groups.push({ needs, pattern: compilePhrases(members, terms) })
    }
  }

  /** Where the phrases occur in a plain text. */
  find(plain: string): { from: number; to: number }[] {
    const found: { from: number; to: number }[] = []
    for (const { needs, pattern } of this.#groups) {
      if (needs.some((need) => !occurs(need, plain))) continue
      for (const match of plain.matchAll(pattern)) found.push({ from: match.index, to: match.index + match[0].length })
    }
    return found
  }

  /** Whether any of the phrases occurs. */
  occursIn(plain: string): boolean {
    return this.#groups.some(({ needs, pattern }) => needs.every((need) => occurs(need, plain)) && occurs(pattern, plain))
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

import { join } from 'node:path'
import type { Language } from '../../../shared/contract/common.js'
import type { TriageFinding } from '../../../shared/contract/conversations.js'
import type { Lexicon } from './lexicon.js'
import { loadRules } from './prepared-rules.js'
import type { RuleFiles } from './rule-files.js'
import { meets, parseCondition, type CompiledRule, type Finding } from './rule-matching.js'
import { describesPresentTrouble } from './safety-net.js'
import { levelShares, secondLevel, type Level, type LevelShares, type Weights } from './second-look.js'
import { readSecondLook } from './second-look-file.js'
import type { Span } from './phrase-matcher.js'
import { featuresOf, isInSaying, readUtterance, type Utterance } from './utterance.js'
import { resolvePeople, samePatient, type Person } from './whose.js'

export interface TriageTurn {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** What one turn says: asserted findings by concept, and concepts that it denies. */
interface TurnReading {
  readonly findings: Finding[]
  readonly denied: ReadonlySet<string>
  readonly lastPerson: Person
}

const defaultTurns = 4
/** Enough to tell whose symptom it is; a text that repeats one word must not make the work grow faster than the text. */
const findingsOfOneConcept = 12
/** The category of what no rule knows; its actions and reason hold for any emergency or same-day problem. */
const unnamed = 'similar_cases'
const shownWords = 4
/** From this share of routine on, the safety net is not spread. */
const calmShare = 0.9
const nothingSaid: LevelShares = { emergency: 0, urgent: 0, routine: 1 }
const routine: TriageFinding = { level: 'routine', rule_id: null, category: null, reason: null, matched: [], actions: [] }

/**
 * Finds emergencies and same-day problems in what a person writes, in English and French, offline and without a model: by rules first; then by a
 * second look that compares the words with labelled cases and can only raise the level; then by a safety net against "routine".
 */
export class TriageService {
  private readonly rules: readonly CompiledRule[]
  private readonly catchAll: ReadonlySet<string>
  private readonly beyondDoubt: ReadonlySet<string>

  private constructor(private readonly files: RuleFiles, private readonly lexicon: Lexicon, private readonly weights: ReadonlyMap<string, Weights>) {
    this.catchAll = new Set(files.rules.filter((entry) => entry.catch_all).map((entry) => entry.id))
    this.beyondDoubt = new Set(files.rules.filter((entry) => entry.beyond_doubt).map((entry) => entry.id))
    const known = new Set(files.concepts.keys())
    const compiled = files.rules.map((entry) => ({ entry, conditions: entry.when.map((line) => parseCondition(line, known)) }))
    const rank = ({ entry }: CompiledRule): number => (entry.level === 'urgent' ? 2 : entry.beyond_doubt ? 0 : 1)
    this.rules = compiled.sort((left, right) => rank(left) - rank(right))
  }

  /**
   * Reads and checks the rules and the second look's weights.
   * @param folder the triage data folder, with `language.yaml`, `word-groups.yaml`, `topics/` and `second-look.tsv`
   * @throws Error naming the file and the rule when something in it is wrong
   */
  static async load(folder: string): Promise<TriageService> {
    const [{ files, lexicon }, secondLook] = await Promise.all([loadRules(folder), readSecondLook(join(folder, 'second-look.tsv'))])
    return new TriageService(files, lexicon, secondLook.weights)
  }

  /**
   * The level of the newest user turn. The user turns before it give context (whose symptom, age, pregnancy) and may complete it; they do not
   * fire by themselves. Both languages' rules run; never throws.
   * @param turns the conversation, oldest first; assistant turns are ignored
   * @param language of `reason` and `actions`
   * @param options.recentTurns how many user turns are read
   */
  assess(turns: readonly TriageTurn[], language: Language, options: { recentTurns?: number } = {}): TriageFinding {
    const recent = turns.filter((turn) => turn.role === 'user').slice(-(options.recentTurns ?? defaultTurns)).map((turn) => readUtterance(turn.content, this.lexicon))
    const newest = recent.at(-1)
    if (!newest) return { ...routine }
    const findings = this.collect(recent)
    const byRules = this.judge(findings, this.rules, language)
    if (this.beyondDoubt.has(byRules.rule_id ?? '')) return byRules
    const shares = this.compare(recent, newest, byRules.level)
    const level = secondLevel(byRules.level, shares, this.catchAll.has(byRules.rule_id ?? ''))
    if (level === byRules.level) return level === 'routine' && shares.routine < calmShare && describesPresentTrouble(newest) ? this.unnamedFinding('urgent', 'safety-net', newest, language) : byRules
    if (level === 'routine') return { ...routine }
    if (byRules.level === 'emergency') return this.lowered(findings, newest, language)
    return this.withCategoryOf(byRules, level, newest, language)
  }

  /** What remains of an emergency that the second look doubts: the urgent rule that fires as well, or a same-day problem without a name. */
  private lowered(findings: ReadonlyMap<string, readonly Finding[]>, newest: Utterance, language: Language): TriageFinding {
    const urgent = this.judge(findings, this.rules.filter((rule) => rule.entry.level === 'urgent'), language)
    return urgent.level === 'urgent' ? urgent : this.unnamedFinding('urgent', 'second-look', newest, language)
  }

  /** The ids of all rules whose conditions a text meets, whatever fires first; for checking the rules. */
  firing(text: string): string[] {
    const findings = this.collect([readUtterance(text, this.lexicon)])
    return this.rules.filter(({ conditions }) => conditions.some((condition) => meets(condition, findings) !== null)).map(({ entry }) => entry.id)
  }

  private collect(recent: readonly Utterance[]): Map<string, Finding[]> {
    const findings = new Map<string, Finding[]>()
    const denied = new Set<string>()
    for (const reading of this.readAll(recent).reverse()) {
      for (const finding of reading.findings) {
        if (denied.has(finding.concept)) continue
        const list = findings.get(finding.concept)
        if (list) list.push(finding)
        else findings.set(finding.concept, [finding])
      }
      for (const concept of reading.denied) denied.add(concept)
    }
    return findings
  }

  private readAll(recent: readonly Utterance[]): TurnReading[] {
    let lastPerson: Person = 'unknown'
    return recent.map((utterance, index) => {
      const reading = this.read(utterance, recent.length - 1 - index, lastPerson)
      lastPerson = reading.lastPerson
      return reading
    })
  }

  private judge(findings: ReadonlyMap<string, readonly Finding[]>, rules: readonly CompiledRule[], language: Language): TriageFinding {
    for (const { entry, conditions } of rules) {
      for (const condition of conditions) {
        const matched = meets(condition, findings)
        if (!matched) continue
        const category = this.files.categories.get(entry.category)
        return {
          level: entry.level,
          rule_id: entry.id,
          category: entry.category,
          reason: (entry.reason ?? category?.reason)?.[language] ?? null,
          matched: [...new Set(matched.map((finding) => finding.text))],
          actions: [...(category?.[entry.level]?.[language] ?? [])],
        }
      }
    }
    return { ...routine }
  }

  /** The shares of the newest turn, or of it together with the turns before when that is graver and it goes on about the same person's trouble. */
  private compare(recent: readonly Utterance[], newest: Utterance, byRules: Level): LevelShares {
    if (newest.groups.length === 0) return nothingSaid
    const alone = levelShares(featuresOf(newest, this.lexicon), this.weights)
    if (recent.length < 2 || (byRules !== 'emergency' && (alone.routine >= 0.5 || !this.goesOn(recent)))) return alone
    const together = levelShares(featuresOf(readUtterance(recent.map((utterance) => utterance.text).join('. '), this.lexicon), this.lexicon), this.weights)
    return together.emergency > alone.emergency ? together : alone
  }

  /** Whether the newest turn can be read together with those before: of the same person, and taking nothing back. */
  private goesOn(recent: readonly Utterance[]): boolean {
    const readings = this.readAll(recent)
    const newest = readings.at(-1)
    if (!newest || readings.length < 2) return false
    const earlier = readings.slice(0, -1)
    const lastPerson = earlier.at(-1)?.lastPerson ?? 'unknown'
    if (newest.findings.some((finding) => !finding.modifier && !samePatient(finding.person, lastPerson))) return false
    return !earlier.some((reading) => reading.findings.some((finding) => newest.denied.has(finding.concept)))
  }

  /** A level raised by the second look keeps the category of the urgent rule that fired, when that category knows what to do in an emergency. */
  private withCategoryOf(byRules: TriageFinding, level: Level, newest: Utterance, language: Language): TriageFinding {
    const category = byRules.category === null ? undefined : this.files.categories.get(byRules.category)
    if (level !== 'emergency' || !category?.emergency) return this.unnamedFinding(level, 'second-look', newest, language)
    return { ...byRules, level, rule_id: 'second-look', reason: category.reason[language], actions: [...category.emergency[language]] }
  }

  private unnamedFinding(level: Level, ruleId: string, newest: Utterance, language: Language): TriageFinding {
    const category = this.files.categories.get(unnamed)
    if (!category || level === 'routine') return { ...routine }
    return {
      level,
      rule_id: ruleId,
      category: unnamed,
      reason: category.reason[language],
      matched: this.tellingWords(newest),
      actions: [...(category[level]?.[language] ?? [])],
    }
  }

  /** The person's words that weighed most against routine. */
  private tellingWords({ text, tokens, groups }: Utterance): string[] {
    const weighed = groups.map((hit) => ({ hit, weight: this.alarm(`g:${hit.group}`) })).filter(({ weight }) => weight > 0)
    const chosen = weighed.sort((left, right) => right.weight - left.weight || left.hit.from - right.hit.from)
    return [...new Set(chosen.map(({ hit }) => wordsOf(text, tokens, hit)))].slice(0, shownWords)
  }

  private alarm(feature: string): number {
    const [emergency, urgent, calm] = this.weights.get(feature) ?? [0, 0, 0]
    return Math.max(emergency, urgent) - calm
  }

  private read(utterance: Utterance, turn: number, before: Person): TurnReading {
    const { text, tokens, spans, scoping } = utterance
    const people = resolvePeople(tokens.length, spans, this.lexicon, before)
    const findings: Finding[] = []
    const denied = new Set<string>()
    for (const concept of this.lexicon.concepts) {
      const background = this.lexicon.background.has(concept)
      const modifier = this.lexicon.modifiers.has(concept)
      let kept = 0
      for (const span of spans.get(concept) ?? []) {
        if (isInSaying(utterance, span)) continue
        if (!modifier && !scoping.holds(span, background)) denied.add(concept)
        else if (kept < findingsOfOneConcept) {
          kept += 1
          findings.push({ concept, turn, background, modifier, person: modifier ? 'unknown' : (people[span.from] ?? 'unknown'), text: wordsOf(text, tokens, span) })
        }
      }
    }
    for (const finding of findings) denied.delete(finding.concept)
    return { findings, denied, lastPerson: people.at(-1) ?? before }
  }
}

function wordsOf(text: string, tokens: readonly { start: number; end: number }[], span: Span): string {
  return text.slice(tokens[span.from]?.start, tokens[span.to - 1]?.end)
}

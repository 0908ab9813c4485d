import type { Language } from '../../../shared/contract/common.js'
import type { TriageFinding } from '../../../shared/contract/conversations.js'
import { splitClauses } from './clauses.js'
import { compileLexicon, lookup, type Lexicon } from './lexicon.js'
import type { Span } from './phrase-matcher.js'
import { readRuleFiles, type RuleFiles } from './rule-files.js'
import { meets, parseCondition, type CompiledRule, type Finding } from './rule-matching.js'
import { Scoping } from './scopes.js'
import { tokenise } from './tokenise.js'
import { resolvePeople, type Person } from './whose.js'

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
const routine: TriageFinding = { level: 'routine', rule_id: null, category: null, reason: null, matched: [], actions: [] }

/** Finds emergencies and same-day problems in what a person writes, by rules in English and French, offline and without a model. */
export class TriageService {
  private readonly lexicon: Lexicon
  private readonly rules: readonly CompiledRule[]

  private constructor(private readonly files: RuleFiles) {
    this.lexicon = compileLexicon(files)
    const known = new Set(files.concepts.keys())
    const compiled = files.rules.map((entry) => ({ entry, conditions: entry.when.map((line) => parseCondition(line, known)) }))
    this.rules = [...compiled.filter((rule) => rule.entry.level === 'emergency'), ...compiled.filter((rule) => rule.entry.level === 'urgent')]
  }

  /**
   * Reads and checks the rules.
   * @param folder the triage data folder, with `language.yaml` and `topics/`
   * @throws Error naming the file and the rule when something in it is wrong
   */
  static async load(folder: string): Promise<TriageService> {
    return new TriageService(await readRuleFiles(folder))
  }

  /**
   * The level of the newest user turn. The user turns before it give context (whose symptom, age, pregnancy) and may complete it; they do not
   * fire by themselves. Both languages' rules run; never throws.
   * @param turns the conversation, oldest first; assistant turns are ignored
   * @param language of `reason` and `actions`
   * @param options.recentTurns how many user turns are read
   */
  assess(turns: readonly TriageTurn[], language: Language, options: { recentTurns?: number } = {}): TriageFinding {
    const recent = turns.filter((turn) => turn.role === 'user').slice(-(options.recentTurns ?? defaultTurns))
    const findings = new Map<string, Finding[]>()
    const denied = new Set<string>()
    let lastPerson: Person = 'unknown'
    const readings = recent.map((turn, index) => {
      const reading = this.read(turn.content, recent.length - 1 - index, lastPerson)
      lastPerson = reading.lastPerson
      return reading
    })
    for (const reading of readings.reverse()) {
      for (const finding of reading.findings) {
        if (denied.has(finding.concept)) continue
        const list = findings.get(finding.concept)
        if (list) list.push(finding)
        else findings.set(finding.concept, [finding])
      }
      for (const concept of reading.denied) denied.add(concept)
    }
    return this.judge(findings, language)
  }

  private judge(findings: ReadonlyMap<string, readonly Finding[]>, language: Language): TriageFinding {
    for (const { entry, conditions } of this.rules) {
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

  private read(text: string, turn: number, before: Person): TurnReading {
    const tokens = tokenise(text, this.lexicon.spelling)
    const spans = this.lexicon.matcher.find(tokens)
    const clauses = splitClauses(tokens, spans.get(lookup.connector) ?? [])
    const scoping = new Scoping(tokens, clauses, spans, this.lexicon)
    const people = resolvePeople(tokens.length, spans, this.lexicon, before)
    const findings: Finding[] = []
    const denied = new Set<string>()
    for (const concept of this.lexicon.concepts) {
      const background = this.lexicon.background.has(concept)
      const modifier = this.lexicon.modifiers.has(concept)
      let kept = 0
      for (const span of spans.get(concept) ?? []) {
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

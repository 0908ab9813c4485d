import type { RuleEntry } from './rule-files.js'
import { samePatient, type Person } from './whose.js'

/** A concept asserted of the present in one of the turns. */
export interface Finding {
  readonly concept: string
  /** 0 is the newest turn. */
  readonly turn: number
  readonly person: Person
  /** The person's own words. */
  readonly text: string
  readonly background: boolean
  readonly modifier: boolean
}

export interface Condition {
  readonly required: readonly string[]
  readonly absent: readonly string[]
}

/** Reads a `when` line: `sudden + one_side + not old_stroke`. @throws Error for an unknown concept or a line that requires nothing */
export function parseCondition(line: string, known: ReadonlySet<string>): Condition {
  const required: string[] = []
  const absent: string[] = []
  for (const part of line.split('+').map((item) => item.trim())) {
    const negated = part.startsWith('not ')
    const concept = negated ? part.slice(4).trim() : part
    if (!known.has(concept)) throw new Error(`"${line}": there is no concept "${concept}"`)
    ;(negated ? absent : required).push(concept)
  }
  if (required.length === 0) throw new Error(`"${line}" requires nothing`)
  return { required, absent }
}

/** The findings that meet a condition, at least one of them in the newest turn and all of one patient; null when it is not met. */
export function meets(condition: Condition, findings: ReadonlyMap<string, readonly Finding[]>): Finding[] | null {
  if (condition.absent.some((concept) => findings.has(concept))) return null
  const options = condition.required.map((concept) => findings.get(concept) ?? [])
  if (options.some((option) => option.length === 0)) return null
  const lead = options.flat().filter((finding) => finding.turn === 0 && !finding.modifier)
  for (const anchor of lead) {
    const chosen = options.map((option) => (option.includes(anchor) ? anchor : option.find((finding) => compatible(anchor, finding))))
    if (chosen.every((finding) => finding !== undefined)) return chosen
  }
  return null
}

function compatible(left: Finding, right: Finding): boolean {
  // A symptom and another symptom told in one message are taken together: the narrator's "I" is too often mistaken for the patient.
  if (left.background === right.background && left.turn === right.turn) return true
  // A pregnancy concerns mother and child.
  if (left.concept === 'pregnant' || right.concept === 'pregnant') {
    if ([left.person, right.person].some((person) => person === 'child' || person === 'someone')) return true
  }
  return samePatient(left.person, right.person)
}

/** A rule with its conditions read. */
export interface CompiledRule {
  readonly entry: RuleEntry
  readonly conditions: readonly Condition[]
}

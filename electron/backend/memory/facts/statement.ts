/** What one clause of a person's message says, as the rules read it. */
import type { Language } from '../../../../shared/contract/common.js'
import type { FactKind } from '../../../../shared/contract/memory.js'
import type { Subject } from './whose.js'

/** A question is kept as one: it says little about the person, but it is what the talk was about. */
export type StatementKind = FactKind | 'question'

export interface Statement {
  /** The words of the person, without openers. */
  text: string
  /** UTF-16 offsets in the message. */
  start: number
  end: number
  kind: StatementKind
  kinds: StatementKind[]
  /** `medicine:metformin`, `allergy:penicillin`, `allergy:none`, `pregnancy:yes` … */
  keys: string[]
  subject: Subject
  lang: Language
  /** How much it matters, 0 to 100 and a little more. */
  worth: number
  /** What it says about earlier statements. */
  cues: { strong: boolean; weak: boolean; change: boolean; stop: boolean; adds: boolean; past: boolean; refers: boolean }
  /** Set when it says whom the conversation is for. */
  patient: string | null
}

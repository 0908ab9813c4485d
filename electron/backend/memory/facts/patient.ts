/** Whom a conversation is for, and whose each statement is. */
import type { LedgerEntry } from './ledger.js'
import type { MemoryRules } from './rules.js'
import type { StatementKind } from './statement.js'
import { samePerson, type Subject } from './whose.js'

/** What is said of the one who is ill; of others it is said in passing. */
const ofHealth = new Set<StatementKind>(['symptom', 'medicine', 'allergy', 'condition', 'pregnancy', 'operation', 'vaccination', 'weight', 'hospital_stay'])

/**
 * The person that the conversation is for: whom the writer says they speak for; a child, when all that was said of health is of a child;
 * otherwise the writer.
 */
export function patientOf(declared: Subject, entries: readonly LedgerEntry[], rules: MemoryRules): string {
  if (declared !== null) return declared
  const health = entries.filter((entry) => entry.supersededBy === null && entry.kinds.some((kind) => ofHealth.has(kind)) && entry.subject !== null)
  const [first] = health
  if (first?.subject && rules.relations.get(first.subject)?.child && health.every((entry) => samePerson(entry.subject, first.subject))) return first.subject
  return 'self'
}

/** Whether a statement is about the person that the conversation is for. */
export function isOfPatient(entry: Pick<LedgerEntry, 'subject'>, patient: string): boolean {
  return samePerson(entry.subject, patient)
}

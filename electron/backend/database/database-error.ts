/** An SQL failure as the backend sees it: SQLSTATE and names, never the statement or its values. */
import type { StrippedDatabaseError } from './database-messages.js'

export class DatabaseError extends Error {
  readonly sqlState: string
  readonly constraint: string | null
  readonly table: string | null
  readonly column: string | null

  constructor(stripped: StrippedDatabaseError) {
    super(`database error ${stripped.sqlState}${stripped.constraint ? ` on ${stripped.constraint}` : ''}`)
    this.name = 'DatabaseError'
    this.sqlState = stripped.sqlState
    this.constraint = stripped.constraint
    this.table = stripped.table
    this.column = stripped.column
  }
}

/** Whether an error, or what caused it, is the violation of the unique constraint of this name. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current instanceof DatabaseError) return current.sqlState === '23505' && current.constraint === constraint
  }
  return false
}

/** Takes from a PGlite error what may cross the thread's boundary. */
export function stripDatabaseError(error: unknown): StrippedDatabaseError {
  const fields = error as { code?: unknown; constraint?: unknown; table?: unknown; column?: unknown }
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return { sqlState: text(fields.code) ?? 'XX000', constraint: text(fields.constraint), table: text(fields.table), column: text(fields.column) }
}

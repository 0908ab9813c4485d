/** Messages between the backend and its database thread: queries in, rows out. */

export type RowMode = 'array' | 'object'

export interface DatabaseWorkerData {
  folder: string
  /** Shared with the backend: the time of the thread's last sign of life, in ms since the epoch, as one Float64. */
  pulse: SharedArrayBuffer
}

export type DatabaseRequest =
  | { id: number; type: 'query'; transaction: number | null; sql: string; parameters: unknown[]; rowMode: RowMode }
  | { id: number; type: 'execute'; transaction: number | null; sql: string }
  | { id: number; type: 'begin' }
  | { id: number; type: 'commit'; transaction: number }
  | { id: number; type: 'rollback'; transaction: number }
  | { id: number; type: 'close' }

/** An SQL failure without its statement and values, which are patient text. */
export interface StrippedDatabaseError {
  sqlState: string
  constraint: string | null
  table: string | null
  column: string | null
}

export type DatabaseReply =
  | { type: 'open' }
  | { type: 'open-failed'; reason: string }
  | { id: number; type: 'rows'; rows: unknown[]; affectedRows: number; fields: { name: string; dataTypeID: number }[] }
  | { id: number; type: 'done' }
  | { id: number; type: 'begun'; transaction: number }
  | { id: number; type: 'failed'; error: StrippedDatabaseError }

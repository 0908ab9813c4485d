/**
 * The database as the services see it: typed queries through drizzle, or SQL text, over messages to the database thread.
 * When the disk fails, the thread ends first and this process with it, before any acknowledgement (see durable-file-system.ts).
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Worker } from 'node:worker_threads'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle, type PgliteDatabase } from 'drizzle-orm/pglite'
import { diskFailureExitCode } from '../process-messages.js'
import { startWorker } from '../workers/start-worker.js'
import { DatabaseError } from './database-error.js'
import type { DatabaseReply, DatabaseRequest, RowMode } from './database-messages.js'

/** Drizzle over this database, or inside one of its transactions. */
export type Queries = PgliteDatabase

/** The least that a reader or writer needs; a transaction and the database itself both give it. */
export interface QueryRunner {
  /** Typed queries. */
  readonly drizzle: Queries
  /** Rows of one SQL statement; parameters as $1, $2 … Throws DatabaseError. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>
  /** Runs statements without parameters or rows. */
  execute(sql: string): Promise<void>
}

export interface DatabaseOptions {
  folder: string
  /** What happens when the thread ends by itself; the product ends the process with this code. */
  onThreadEnd: (exitCode: number) => void
  /** A test's own thread in place of the product's. */
  workerSource?: URL
  /** What a test's own thread is told beside its folder. */
  workerData?: Record<string, unknown>
  /** How long an open may take before the folder counts as unopenable, ms. */
  openTimeoutMs?: number
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never
type Pending = { resolve: (reply: DatabaseReply) => void; reject: (error: Error) => void }

/** Thrown when a folder cannot be opened: damaged, or not a database. */
export class DatabaseOpenError extends Error {
  constructor(reason: string) {
    super(`the database folder cannot be opened (${reason})`)
    this.name = 'DatabaseOpenError'
  }
}

/** Thrown when the disk failed while the folder was opened: the folder may be in order, and nothing may be done to it. */
export class DatabaseThreadEndedError extends Error {
  constructor() {
    super('the database thread ended while the folder was opened')
    this.name = 'DatabaseThreadEndedError'
  }
}

export class Database implements QueryRunner {
  readonly drizzle: Queries
  readonly #worker: Worker
  readonly #pulse: Float64Array
  readonly #pending = new Map<number, Pending>()
  /** Set while code runs inside a transaction's callback. */
  readonly #insideTransaction = new AsyncLocalStorage<true>()
  #lastId = 0
  #closing = false

  private constructor(worker: Worker, pulse: Float64Array, onThreadEnd: (exitCode: number) => void) {
    this.#worker = worker
    this.#pulse = pulse
    this.drizzle = this.#queriesFor(null)
    worker.on('message', (reply: DatabaseReply) => this.#settle(reply))
    worker.on('exit', (exitCode) => {
      // Pending calls stay unanswered when the thread ended by itself: nothing may be acknowledged or denied any more.
      if (this.#closing) for (const pending of this.#pending.values()) pending.reject(new Error('the database is closed'))
      else onThreadEnd(exitCode)
    })
    // The exit that follows is what ends the backend; without a listener the error would be thrown with its message.
    worker.on('error', () => undefined)
  }

  /**
   * Starts the thread on a folder that exists and is locked. Throws DatabaseOpenError when it cannot be opened, and DatabaseThreadEndedError,
   * after `onThreadEnd`, when the disk failed.
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
    const pulse = new Float64Array(shared)
    pulse[0] = Date.now()
    const worker = startWorker('database-worker', { ...options.workerData, folder: options.folder, pulse: shared }, options.workerSource ? { source: options.workerSource } : {})
    await new Promise<void>((resolve, reject) => {
      const settle = (outcome: () => void): void => {
        clearTimeout(limit)
        worker.off('error', onError).off('exit', onExit).off('message', onMessage)
        outcome()
      }
      const fail = (reason: string): void =>
        settle(() => {
          // The thread is given up; what it still says no longer matters.
          worker.on('error', () => undefined)
          void worker.terminate().then(() => reject(new DatabaseOpenError(reason)))
        })
      const limit = setTimeout(() => fail('timed out'), options.openTimeoutMs ?? 60_000)
      const onError = (error: Error): void => fail(error.name)
      const onExit = (exitCode: number): void => {
        if (exitCode !== diskFailureExitCode) return fail(`the thread ended with ${exitCode}`)
        settle(() => {
          options.onThreadEnd(exitCode)
          reject(new DatabaseThreadEndedError())
        })
      }
      const onMessage = (reply: DatabaseReply): void =>
        reply.type === 'open' ? settle(resolve) : fail(reply.type === 'open-failed' ? reply.reason : 'unexpected reply')
      worker.on('error', onError).on('exit', onExit).on('message', onMessage)
    })
    return new Database(worker, pulse, options.onThreadEnd)
  }

  /** Milliseconds since the thread last gave a sign of life; more than a second means that it is inside one long statement. */
  get busyMs(): number {
    const silent = Date.now() - (this.#pulse[0] ?? 0)
    return silent > 1000 ? silent : 0
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#query(null, sql, parameters, 'object')).rows as Row[]
  }

  async execute(sql: string): Promise<void> {
    await this.#request({ type: 'execute', transaction: null, sql })
  }

  /** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. */
  async transaction<Result>(work: (transaction: QueryRunner) => Promise<Result>): Promise<Result> {
    const begun = await this.#request({ type: 'begin' })
    if (begun.type !== 'begun') throw new Error('the database thread gave an unexpected reply')
    const id = begun.transaction
    let result: Result
    try {
      const transaction: QueryRunner = {
        drizzle: this.#queriesFor(id),
        query: async <Row>(sql: string, parameters: readonly unknown[] = []) => (await this.#query(id, sql, parameters, 'object')).rows as Row[],
        execute: async (sql) => {
          await this.#request({ type: 'execute', transaction: id, sql })
        },
      }
      result = await this.#insideTransaction.run(true, () => work(transaction))
    } catch (error) {
      await this.#request({ type: 'rollback', transaction: id })
      throw error
    }
    await this.#request({ type: 'commit', transaction: id })
    return result
  }

  /** Closes the folder cleanly and ends the thread. */
  async close(): Promise<void> {
    if (this.#closing) return
    const closed = this.#request({ type: 'close' })
    this.#closing = true
    await closed
    await this.#worker.terminate()
  }

  /** Drizzle speaks to a PGlite object; this is the part of one that it uses, over messages. */
  #queriesFor(transaction: number | null): Queries {
    const client = {
      query: async (sql: string, parameters: unknown[] = [], options: { rowMode?: RowMode } = {}) => {
        const reply = await this.#query(transaction, sql, parameters, options.rowMode ?? 'object')
        return { rows: reply.rows, fields: reply.fields, affectedRows: reply.affectedRows }
      },
    }
    const queries = drizzle(client as unknown as PGlite)
    const { session } = queries._
    const prepare = session.prepareQuery.bind(session)
    session.prepareQuery = (...prepareArguments) => {
      const prepared = prepare(...prepareArguments)
      // Drizzle would wrap a failure in an error that holds the statement and its values, which are patient text.
      Object.assign(prepared, { queryWithCache: (_sql: string, _parameters: unknown[], run: () => Promise<unknown>) => run() })
      return prepared
    }
    return queries
  }

  async #query(transaction: number | null, sql: string, parameters: readonly unknown[], rowMode: RowMode): Promise<Extract<DatabaseReply, { type: 'rows' }>> {
    const reply = await this.#request({ type: 'query', transaction, sql, parameters: [...parameters], rowMode })
    if (reply.type !== 'rows') throw new Error('the database thread gave an unexpected reply')
    return reply
  }

  #request(request: DistributiveOmit<DatabaseRequest, 'id'>): Promise<DatabaseReply> {
    if (this.#closing) return Promise.reject(new Error('the database is closed'))
    // There is one connection: a statement that does not belong to the open transaction would wait for it, and it for the statement, for ever.
    const belongsToNone = request.type === 'begin' || ('transaction' in request && request.transaction === null)
    if (belongsToNone && this.#insideTransaction.getStore()) return Promise.reject(new Error('inside a transaction, use the transaction'))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#worker.postMessage({ ...request, id })
    })
  }

  #settle(reply: DatabaseReply): void {
    if (!('id' in reply)) return
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if (reply.type === 'failed') pending?.reject(new DatabaseError(reply.error))
    else pending?.resolve(reply)
  }
}

/**
 * The database thread: PGlite is WASM and synchronous, so it lives in a thread of its own, where a long statement delays nothing but
 * other statements. It serves one parent over its message port.
 */
import fs from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, types, type Transaction } from '@electric-sql/pglite'
import { diskFailureExitCode } from '../process-messages.js'
import { stripDatabaseError } from './database-error.js'
import type { DatabaseReply, DatabaseRequest, DatabaseWorkerData } from './database-messages.js'
import type { Disk } from './disk.js'
import { DurableFileSystem, durableStartParameters, type DiskFailure } from './durable-file-system.js'

const pulseIntervalMs = 200

/** Ends the thread with the disk's exit code; the backend ends with it before anything more is acknowledged. */
function endForDiskFailure(failure: DiskFailure): never {
  fs.writeSync(2, `${JSON.stringify({ level: 60, time: new Date().toISOString(), event: 'disk_failed', operation: failure.operation, code: failure.code })}\n`)
  process.exit(diskFailureExitCode)
  // process.exit ends a worker thread at the next return to JavaScript: never let Postgres go on.
  for (;;);
}

const isoTime = (value: string): string => new Date(value).toISOString()
const asText = (value: string): string => value

/** Opens the folder and answers the parent's requests until it says `close`. */
export async function runDatabaseThread(options: { disk?: Disk } = {}): Promise<void> {
  const parent = parentPort
  if (!parent) throw new Error('the database thread needs a parent')
  const data = workerData as DatabaseWorkerData
  const reply = (message: DatabaseReply): void => parent.postMessage(message)

  const pulse = new Float64Array(data.pulse)
  pulse[0] = Date.now()
  setInterval(() => (pulse[0] = Date.now()), pulseIntervalMs).unref()

  let database: PGlite
  try {
    database = await PGlite.create({
      fs: new DurableFileSystem(data.folder, { ...options, onFailure: endForDiskFailure }),
      startParams: durableStartParameters(PGlite.defaultStartParams),
      parsers: { [types.TIMESTAMPTZ]: isoTime, [types.TIMESTAMP]: isoTime, [types.DATE]: asText, [types.INTERVAL]: asText },
    })
    await database.query('select 1')
  } catch (error) {
    reply({ type: 'open-failed', reason: error instanceof Error ? error.name : 'unknown' })
    return
  }

  /** An open transaction; `finish` ends it, and the reply goes to the request that asked for the end. */
  interface OpenTransaction {
    transaction: Transaction
    finish(outcome: 'commit' | 'rollback', requestId: number): void
  }
  const transactions = new Map<number, OpenTransaction>()
  let lastTransaction = 0
  let closing = false

  const openTransaction = (id: number): OpenTransaction => {
    const open = transactions.get(id)
    // Class 25 of SQLSTATE: no active transaction.
    if (!open) throw Object.assign(new Error('no such transaction'), { code: '25P01' })
    return open
  }
  const target = (transaction: number | null): PGlite | Transaction => (transaction === null ? database : openTransaction(transaction).transaction)

  const begin = (beginRequestId: number): void => {
    const transactionId = ++lastTransaction
    const rolledBack = new Error('rolled back')
    let replyTo = beginRequestId
    database
      .transaction(
        (transaction) =>
          new Promise<void>((resolve, reject) => {
            // One that waited behind another when the close came would hold up the close for ever: nobody is left to end it.
            if (closing) return reject(new Error('the database is closed'))
            transactions.set(transactionId, {
              transaction,
              finish: (outcome, requestId) => {
                replyTo = requestId
                transactions.delete(transactionId)
                if (outcome === 'commit') resolve()
                else reject(rolledBack)
              },
            })
            reply({ id: beginRequestId, type: 'begun', transaction: transactionId })
          }),
      )
      .then(
        () => reply({ id: replyTo, type: 'done' }),
        (error: unknown) => reply(error === rolledBack ? { id: replyTo, type: 'done' } : { id: replyTo, type: 'failed', error: stripDatabaseError(error) }),
      )
  }

  const handle = async (request: DatabaseRequest): Promise<void> => {
    switch (request.type) {
      case 'query': {
        const result = await target(request.transaction).query(request.sql, request.parameters, { rowMode: request.rowMode })
        reply({ id: request.id, type: 'rows', rows: result.rows as unknown[], affectedRows: result.affectedRows ?? 0, fields: result.fields })
        return
      }
      case 'execute':
        await target(request.transaction).exec(request.sql)
        reply({ id: request.id, type: 'done' })
        return
      case 'begin':
        begin(request.id)
        return
      case 'commit':
      case 'rollback':
        openTransaction(request.transaction).finish(request.type, request.id)
        return
      case 'close':
        closing = true
        for (const open of [...transactions.values()]) open.finish('rollback', -1)
        await database.close()
        reply({ id: request.id, type: 'done' })
        parent.close()
    }
  }

  parent.on('message', (request: DatabaseRequest) => {
    handle(request).catch((error: unknown) => reply({ id: request.id, type: 'failed', error: stripDatabaseError(error) }))
  })
  reply({ type: 'open' })
}

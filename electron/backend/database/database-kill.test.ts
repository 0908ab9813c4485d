/** A whole process with a database: killed at any moment, or ended by its disk, it keeps every row that it acknowledged. */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskFailureExitCode } from '../process-messages.js'
import { copyTemplate } from './testing/database-template.js'
import { inspectDatabase } from './testing/inspect-database.js'

const script = fileURLToPath(new URL('./testing/database-process.ts', import.meta.url))

interface Ended {
  acknowledged: number[]
  exitCode: number | null
  signal: NodeJS.Signals | null
}

/** Runs the process until it ends; kills it `afterMs` after it acknowledged row `killAt`. */
function run(databasePath: string, options: { killAt?: number; afterMs?: number; failure?: [after: number, position: number, code: string] }): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, databasePath, ...(options.failure ?? []).map(String)], { stdio: ['ignore', 'pipe', 'ignore'] })
  const acknowledged: number[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    acknowledged.push(Number(line))
    if (acknowledged.length === options.killAt) setTimeout(() => child.kill('SIGKILL'), options.afterMs ?? 0)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve({ acknowledged, exitCode, signal }))
  })
}

describe('a process with a database', () => {
  let folder: string
  let databasePath: string
  const acknowledged = new Set<number>()
  beforeAll(async () => {
    folder = await copyTemplate()
    databasePath = path.join(folder, 'database')
  })
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  const expectKept = async (): Promise<void> => {
    const kept = new Set((await inspectDatabase<{ id: number }>(databasePath, 'select id from kept')).map(({ id }) => id))
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([])
    // Rows 5 and 6, 10 and 11 and so on are written in one transaction.
    expect([...kept].filter((id) => id % 5 === 0 && !kept.has(id + 1))).toEqual([])
  }

  // One folder through all of it, as a kiosk's: each round recovers from the last one's end.
  it.each([
    { killAt: 1, afterMs: 0 },
    { killAt: 150, afterMs: 7 },
    { killAt: 400, afterMs: 3 },
  ])('killed $afterMs ms after its acknowledged row $killAt keeps them all', async ({ killAt, afterMs }) => {
    const ended = await run(databasePath, { killAt, afterMs })
    expect(ended.signal).toBe('SIGKILL')
    expect(ended.acknowledged.length).toBeGreaterThanOrEqual(killAt)
    for (const id of ended.acknowledged) acknowledged.add(id)
    await expectKept()
  })

  it.each([
    { after: 60, position: 10, code: 'ENOSPC' },
  ])('ends with the code of a failed disk at the first $code, and keeps all that it acknowledged', async ({ after, position, code }) => {
    const first = Math.max(0, ...acknowledged)
    const ended = await run(databasePath, { failure: [first + after, position, code] })
    expect(ended).toMatchObject({ exitCode: diskFailureExitCode, signal: null })
    expect(ended.acknowledged.length).toBeGreaterThan(0)
    for (const id of ended.acknowledged) acknowledged.add(id)
    await expectKept()
  })
})

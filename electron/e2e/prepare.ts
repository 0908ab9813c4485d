/**
 * Before the first test: a data folder whose index is built, which every other one is a copy of. Building the index takes the two cores for
 * a quarter of a minute; tests that would each do so would measure that.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { health } from '../../shared/contract/system.js'
import { endProcess } from './apps/end-processes.js'
import { startServing } from './apps/served-app.js'

export const preparedFolderVariable = 'CARECHAT_E2E_PREPARED'

export default async function prepare(): Promise<() => void> {
  const dataFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'carechat-e2e-prepared-'))
  const serving = await startServing({ dataFolder })
  try {
    await indexBuilt(serving.address)
  } finally {
    await endProcess(serving.child, 'SIGTERM')
  }
  // Each copy makes its own.
  fs.rmSync(path.join(dataFolder, 'keys.json'))
  process.env[preparedFolderVariable] = dataFolder
  return () => fs.rmSync(dataFolder, { recursive: true, force: true })
}

/** Nothing tells of it over HTTP: the state is asked for, as the window does. */
async function indexBuilt(address: string): Promise<void> {
  const limit = Date.now() + 120_000
  for (;;) {
    const { retrieval } = health.parse(await (await fetch(`${address}health`)).json())
    if (retrieval.status !== 'building') return
    if (Date.now() > limit) throw new Error(`the index is not built: ${JSON.stringify(retrieval)}`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

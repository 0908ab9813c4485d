/** Cold start of the desktop app to a usable window, and the memory of each of its processes, against a bare Electron window. */
import fs from 'node:fs'
import path from 'node:path'
import { _electron } from '@playwright/test'
import { projectFolder, temporaryFolder } from '../../backend/testing/test-backend.js'
import { findElectron } from '../find-electron.mjs'
import { distribution, type BenchResult } from './measure.js'

const starts = 5
const usable = '[data-testid="welcome-language-fr"]'

/** Resident memory of the app's processes by type, MB. */
async function memoryOf(app: Awaited<ReturnType<typeof _electron.launch>>): Promise<Record<string, number>> {
  const metrics = await app.evaluate(({ app: electronApp }) => electronApp.getAppMetrics().map((metric) => ({ type: metric.name ?? metric.type, kilobytes: metric.memory.workingSetSize })))
  return Object.fromEntries(metrics.map(({ type, kilobytes }) => [type, Math.round(kilobytes / 1024)]))
}

/** Measures warm-disk cold starts; without a display or Electron it gives nothing and says so. */
export async function benchApp(): Promise<BenchResult[]> {
  const electron = findElectron()
  if (!electron || (process.platform === 'linux' && !process.env['DISPLAY'])) {
    process.stderr.write('bench: no Electron or no display; run under xvfb-run to measure the app\n')
    return []
  }
  const executablePath = electron.executable
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const bareFolder = temporaryFolder('bench-bare')
  fs.writeFileSync(path.join(bareFolder, 'package.json'), '{"name":"bare","version":"1.0.0","main":"main.cjs"}')
  fs.writeFileSync(path.join(bareFolder, 'main.cjs'), "const { app, BrowserWindow } = require('electron'); app.whenReady().then(() => new BrowserWindow().loadURL('data:text/html,<p id=bare>bare</p>'))")
  const bare: number[] = []
  for (let round = 0; round < starts; round++) {
    const startedAt = performance.now()
    const app = await _electron.launch({ executablePath, args: [...flags, bareFolder] })
    await (await app.firstWindow()).waitForSelector('#bare')
    bare.push(performance.now() - startedAt)
    await app.close()
  }
  const data = temporaryFolder('bench-app')
  const cold: number[] = []
  let memory: Record<string, number> = {}
  let first = Number.NaN
  for (let round = 0; round <= starts; round++) {
    const startedAt = performance.now()
    const app = await _electron.launch({ executablePath, args: [...flags, projectFolder, '--data', data] })
    const window = await app.firstWindow()
    await window.waitForSelector(usable)
    const took = performance.now() - startedAt
    if (round === 0) first = took
    else cold.push(took)
    if (round === starts) {
      await window.waitForTimeout(5_000)
      memory = await memoryOf(app)
    }
    await app.close()
  }
  const reference = { name: 'a bare Electron window', value: distribution(bare) }
  return [
    { name: 'first start to a usable window (new data folder)', value: distribution([first]), unit: 'ms', reference },
    { name: 'cold start to a usable window', value: distribution(cold), unit: 'ms', reference },
    ...Object.entries(memory).map(([type, megabytes]) => ({ name: `memory of ${type}`, value: distribution([megabytes]), unit: 'MB' as const, reference: null })),
  ]
}

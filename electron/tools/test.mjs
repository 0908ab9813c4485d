/**
 * `npm test`: set-up, build and a package, then types, lint, unit and integration tests, end-to-end tests. Every step runs, whatever the one before
 * it gave; the last line counts them all. `npm run ready` is the same without the set-up.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findDisplay } from './display.mjs'
import { runEntry } from './entry.mjs'
import { inProject, modulesFolder, projectFolder } from './project.mjs'
import { setUp } from './setup.mjs'
import { onPath } from './system-packages.mjs'

const reports = inProject('test-results', 'reports')
const total = { passed: 0, failed: 0, skipped: 0 }

if (!process.argv.includes('--no-setup')) {
  await runEntry(() => setUp({ tests: true }))
  if (process.exitCode) process.exit()
}
const { findChromium } = await import('./find-chromium.mjs')
const { findElectron } = await import('./find-electron.mjs')
await rm(reports, { recursive: true, force: true })
await mkdir(reports, { recursive: true })

const built = await section('Build', async () => {
  const { ensureBuilt } = await import('./build.mjs')
  await ensureBuilt()
  return { passed: 0, failed: 0, skipped: 0 }
})
const packaged = built && process.platform === 'linux' && findElectron() !== null && (await section('Package', packageForTests))
await section('Types', () => check('typescript/bin/tsc', ['-p', '.', '--noEmit']))
await section('Lint', () => check('eslint/bin/eslint.js', ['.', '--max-warnings', '0']))
await section('Unit and integration tests', unitTests)
await section('End-to-end tests', () => (built ? endToEndTests() : notBuilt()))

process.stdout.write('\n')
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1

/**
 * Runs one part, shows its result and adds it up.
 * @param {string} title
 * @param {() => Promise<{ passed: number, failed: number, skipped: number }>} action
 * @returns {Promise<boolean>} whether nothing failed
 */
async function section(title, action) {
  process.stdout.write(`\n== ${title}\n`)
  const started = performance.now()
  const result = await action().catch((error) => {
    process.stdout.write(`${error.stack ?? error}\n`)
    return { passed: 0, failed: 1, skipped: 0 }
  })
  for (const key of Object.keys(total)) total[key] += result[key]
  const { passed, failed, skipped } = result
  const counts = passed + failed > 1 ? `: ${passed} right, ${failed} wrong${skipped > 0 ? `, ${skipped} left out` : ''}` : ''
  process.stdout.write(`${failed === 0 ? '✓' : '✗'} ${title}${counts} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`)
  return result.failed === 0
}

/** A tool that is right or wrong as a whole. */
async function check(tool, args) {
  const code = await run(process.execPath, [join(modulesFolder, tool), ...args])
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

async function unitTests() {
  const report = join(reports, 'unit.json')
  const code = await run(process.execPath, [join(modulesFolder, 'vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
  const results = await readReport(report)
  // A file that could not be loaded holds no test of its own, and counts as one that failed.
  const unloaded = results?.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length ?? 0
  return counted(code, results && { passed: results.numPassedTests, failed: results.numFailedTests + unloaded, skipped: results.numPendingTests + results.numTodoTests })
}

async function endToEndTests() {
  const report = join(reports, 'end-to-end.json')
  const playwright = [process.execPath, join(modulesFolder, '@playwright/test/cli.js'), 'test', '--reporter=list,json']
  const inMemory = (await findDisplay()) === null && onPath('xvfb-run')
  const [command, ...args] = inMemory ? ['xvfb-run', '-a', '--server-args=-screen 0 1440x900x24', ...playwright] : playwright
  const electron = findElectron()
  const chromium = findChromium()
  const code = await run(command, args, {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    ...(electron ? { CARECHAT_ELECTRON: electron.executable } : {}),
    ...(chromium ? { CARECHAT_CHROMIUM: chromium } : {}),
    ...(packaged ? { E2E_PACKAGED: '1' } : {}),
  })
  const results = await readReport(report)
  // A test that passed only when it was repeated did fail.
  return counted(code, results && { passed: results.stats.expected, failed: results.stats.unexpected + results.stats.flaky, skipped: results.stats.skipped })
}

/** The third target of the end-to-end tests. */
async function packageForTests() {
  const { ensureLinuxFolder } = await import('./package-app.mjs')
  await ensureLinuxFolder()
  return { passed: 0, failed: 0, skipped: 0 }
}

async function notBuilt() {
  process.stdout.write('They need the build.\n')
  return { passed: 0, failed: 1, skipped: 0 }
}

/** A run that ended badly without naming a failed test (no report, an error outside of any test) counts as one failure. */
function counted(code, counts) {
  if (!counts) return { passed: 0, failed: 1, skipped: 0 }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

async function readReport(file) {
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : null
}

function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectFolder, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/**
 * `npm run bench [-- --section NAME] [-- --messages N] [-- --json FILE]`: measures the product and prints a Markdown table.
 * Every section runs in a process of its own, because memory, caches and the embedding runtime belong to a process.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchApp } from './bench-app.js'
import { benchCalls } from './bench-calls.js'
import { benchDatabase } from './bench-database.js'
import { benchIndex } from './bench-index.js'
import { benchKernel } from './bench-kernel.js'
import { benchOffline } from './bench-offline.js'
import { benchResponsiveness } from './bench-responsiveness.js'
import { benchRetrieval } from './bench-retrieval.js'
import { toMarkdown, type BenchResult } from './measure.js'

const { values } = parseArgs({ options: { section: { type: 'string' }, messages: { type: 'string', default: '1000000' }, json: { type: 'string' } } })

const sections: Record<string, () => Promise<BenchResult[]>> = {
  app: benchApp,
  calls: benchCalls,
  offline: benchOffline,
  responsiveness: benchResponsiveness,
  kernel: () => benchKernel(50_000),
  retrieval: () => benchRetrieval([10_000, 50_000]),
  index: () => benchIndex(50_000),
  database: () => benchDatabase(Number(values.messages)),
}
const marker = 'bench-results:'

/** Runs one section in a child and reads its results. */
async function runSection(name: string): Promise<BenchResult[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), '--section', name, '--messages', values.messages], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const line = output.split('\n').find((candidate) => candidate.startsWith(marker))
  if (code !== 0 || line === undefined) throw new Error(`the section ${name} failed with ${code}`)
  return JSON.parse(line.slice(marker.length)) as BenchResult[]
}

const section = values.section === undefined ? undefined : sections[values.section]
if (section) {
  const results = await section()
  process.stdout.write(`${toMarkdown(results)}\n${marker}${JSON.stringify(results)}\n`)
  process.exit(0)
}
if (values.section !== undefined) throw new Error(`no such section; choose one of ${Object.keys(sections).join(', ')}`)

const all: BenchResult[] = []
const load = (): string => os.loadavg()[0]?.toFixed(1) ?? 'unknown'
const loadBefore = load()
for (const name of Object.keys(sections)) {
  process.stderr.write(`bench: ${name} …\n`)
  try {
    all.push(...(await runSection(name)))
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`bench: ${error instanceof Error ? error.message : 'failed'}\n`)
  }
}
process.stdout.write(`Node ${process.version}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown processor'}, ${new Date().toISOString().slice(0, 10)}, load average ${loadBefore} before and ${load()} after\n\n${toMarkdown(all)}\n`)
if (values.json !== undefined) fs.writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`)

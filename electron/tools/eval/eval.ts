/**
 * `npm run eval -- [--data DIR] [--json FILE] [--record]`: scores every evaluation set in DIR with the product's own pipeline, prints a table
 * against the recorded figures and fails when one has dropped. Without --data: the folder of sets beside the checkout, else the small sets
 * that the project ships. `--record` writes the figures of this run as the recorded ones.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { wilsonInterval } from './confidence-interval.js'
import { evaluateMemory } from './evaluate-memory.js'
import { figuresMarker, type RetrievalFigures } from './evaluate-retrieval.js'
import { evaluateTriage, type TriageFigures } from './evaluate-triage.js'
import { findSets } from './evaluation-sets.js'
import { projectFolder } from './project-folder.js'
import { drops, keyOf, readRecorded, writeRecorded, type Figure } from './recorded-figures.js'

const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'string' }, record: { type: 'boolean', default: false } } })

const shippedSets = path.join(projectFolder, 'data', 'evaluation')
const besideCheckout = path.resolve(projectFolder, '..', 'shared', 'eval')
const folder = values.data !== undefined ? path.resolve(values.data) : fs.existsSync(besideCheckout) ? besideCheckout : shippedSets

/** Scores one retrieval set in a process of its own. */
async function retrievalFigures(file: string, kind: RetrievalFigures['set']): Promise<RetrievalFigures[]> {
  const script = fileURLToPath(new URL('./evaluate-retrieval.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, file, kind], { stdio: ['ignore', 'pipe', 'inherit'], cwd: projectFolder })
  let output = ''
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const line = output.split('\n').find((candidate) => candidate.startsWith(figuresMarker))
  if (code !== 0 || line === undefined) throw new Error(`scoring ${path.basename(file)} ended with ${code}`)
  return JSON.parse(line.slice(figuresMarker.length)) as RetrievalFigures[]
}

const files = findSets(folder)
if (Object.values(files).every((list) => list.length === 0)) throw new Error(`there is no evaluation set in ${folder}`)
if (folder === shippedSets) process.stderr.write('The folder of evaluation sets is not there: the small sets that the project ships are scored.\n')

const retrieval: RetrievalFigures[] = []
for (const file of files.complaints) retrieval.push(...(await retrievalFigures(file, 'complaints')))
for (const file of files.medquad) retrieval.push(...(await retrievalFigures(file, 'medquad')))
const triage: TriageFigures[] = []
for (const file of files.redflags) triage.push(...(await evaluateTriage(file)))
const memory = []
for (const file of files.memory) memory.push(...(await evaluateMemory(file)).map((figures) => ({ ...figures, name: path.basename(file, '.jsonl') })))

const digests = new Map(
  [...files.complaints, ...files.medquad, ...files.redflags, ...files.memory].map((file) => [path.basename(file, '.jsonl'), createHash('sha256').update(fs.readFileSync(file)).digest('hex').slice(0, 8)]),
)
const withDigest = (figure: Figure): Figure => {
  const digest = digests.get(figure.set.replace(/^medquad-/, ''))
  return digest === undefined ? figure : { ...figure, digest }
}
const figures: Figure[] = [
  ...retrieval.flatMap(({ name, lang, ...row }) => [
    { set: name, lang, measure: 'nDCG@10', value: row.ndcg10 },
    { set: name, lang, measure: 'recall@3', value: row.recall3 },
    { set: name, lang, measure: 'MRR@10', value: row.mrr10 },
  ]),
  ...triage.flatMap(({ name, lang, ...row }) => [
    { set: name, lang, measure: 'emergencies caught', value: row.emergency_recall, of: [row.counts.caught, row.counts.emergencies] as [number, number] },
    { set: name, lang, measure: 'false alarms', value: row.false_alarm, of: [row.counts.falseAlarms, row.counts.routine] as [number, number], lowerIsBetter: true },
    { set: name, lang, measure: 'emergencies called routine', value: row.missed_as_routine, lowerIsBetter: true },
  ]),
  ...memory.flatMap(({ name, lang, ...row }) => [
    { set: name, lang, measure: 'facts recalled', value: row.recall },
    { set: name, lang, measure: 'superseded shown', value: row.stale, lowerIsBetter: true },
    { set: name, lang, measure: 'mean tokens', value: row.mean_tokens, informative: true },
  ]),
].map(withDigest)

const recorded = readRecorded()
const percent = ([low, high]: [number, number]): string => `${(low * 100).toFixed(0)}–${(high * 100).toFixed(0)} %`
const rows = figures.map((figure) => {
  const before = recorded.get(keyOf(figure))
  const counts = figure.of ? `${figure.of[0]}/${figure.of[1]} (95 %: ${percent(wilsonInterval(...figure.of))})` : ''
  return `| ${figure.set} | ${figure.lang} | ${figure.measure} | ${Number.isInteger(figure.value) ? figure.value : figure.value.toFixed(3)} | ${counts} | ${before === undefined ? '' : Number.isInteger(before) ? before : before.toFixed(3)} |`
})
process.stdout.write(`| set | language | measure | value | counts | recorded |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`)

const pooled = files.redflags.map((file) => {
  const parts = triage.filter((row) => row.name === path.basename(file, '.jsonl')).map((row) => row.counts)
  const sum = (pick: (counts: TriageFigures['counts']) => number): number => parts.reduce((total, counts) => total + pick(counts), 0)
  const interval = (hits: number, trials: number): string => `${hits} of ${trials} (95 %: ${percent(wilsonInterval(hits, trials))})`
  return [
    `${path.basename(file, '.jsonl')}, both languages: emergencies caught ${interval(sum((c) => c.caught), sum((c) => c.emergencies))}`,
    `false alarms ${interval(sum((c) => c.falseAlarms), sum((c) => c.routine))}`,
    `urgent sent to emergency ${sum((c) => c.urgentByLevel.emergency)}, seen as urgent ${sum((c) => c.urgentByLevel.urgent)}, as routine ${sum((c) => c.urgentByLevel.routine)} of ${sum((c) => c.urgent)}`,
    `routine seen as urgent ${sum((c) => c.routineAsUrgent)}`,
  ].join('; ')
})
if (pooled.length > 0) process.stdout.write(`\n${pooled.join('\n')}\n`)
if (retrieval.some((row) => row.keyword_only)) process.stdout.write('\nThere is no embedding model: retrieval was by keyword alone.\n')

if (values.json !== undefined) {
  const sets = [
    ...retrieval.map(({ set, lang, ndcg10, recall3, mrr10 }) => ({ set, lang, ndcg10, recall3, mrr10 })),
    ...triage.map(({ set, lang, emergency_recall, false_alarm, missed_as_routine }) => ({ set, lang, emergency_recall, false_alarm, missed_as_routine })),
    ...memory.map(({ set, lang, recall, stale, mean_tokens }) => ({ set, lang, recall, stale, mean_tokens })),
  ]
  fs.writeFileSync(values.json, `${JSON.stringify({ sets }, null, 2)}\n`)
}
if (values.record) writeRecorded(figures)
else {
  const dropped = drops(figures, recorded)
  for (const drop of dropped) process.stderr.write(`Dropped: ${drop}\n`)
  if (dropped.length > 0) process.exitCode = 1
}

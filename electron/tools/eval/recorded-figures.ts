/** The figures that were last accepted, in data/evaluation/recorded.json, and what counts as a drop below them. */
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { projectFolder } from './project-folder.js'

export interface Figure {
  set: string
  /** Tells sets of the same name apart: the first characters of their content's digest. */
  digest?: string
  lang: string
  measure: string
  value: number
  /** Hits and trials behind a share. */
  of?: [number, number]
  lowerIsBetter?: boolean
  /** Reported, never a reason to fail. */
  informative?: boolean
}

const file = path.join(projectFolder, 'data', 'evaluation', 'recorded.json')
const recordedFile = z.record(z.string(), z.number())
/** Embeddings differ in their last digits between processors, which may swap two neighbours in a ranking. */
const tolerance = 0.005

/** What a figure is recorded under. */
export const keyOf = ({ set, digest, lang, measure }: Figure): string => [set, ...(digest === undefined ? [] : [digest]), lang, measure].join(' ')

/** Recorded values by `keyOf`; empty when nothing was recorded yet. */
export function readRecorded(): Map<string, number> {
  return fs.existsSync(file) ? new Map(Object.entries(recordedFile.parse(JSON.parse(fs.readFileSync(file, 'utf8'))))) : new Map()
}

/** Records these figures, beside those of sets that were not scored this time. */
export function writeRecorded(figures: readonly Figure[]): void {
  const all = readRecorded()
  for (const figure of figures) all.set(keyOf(figure), Math.round(figure.value * 10_000) / 10_000)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, `${JSON.stringify(Object.fromEntries([...all].sort(([one], [other]) => (one < other ? -1 : 1))), null, 2)}\n`)
}

/** What is worse than recorded, in words. */
export function drops(figures: readonly Figure[], recorded: ReadonlyMap<string, number>): string[] {
  return figures.flatMap((figure) => {
    const before = recorded.get(keyOf(figure))
    if (before === undefined || figure.informative) return []
    const worse = figure.lowerIsBetter ? figure.value > before + tolerance : figure.value < before - tolerance
    return worse ? [`${keyOf(figure)}: ${figure.value.toFixed(3)}, recorded ${before.toFixed(3)}`] : []
  })
}

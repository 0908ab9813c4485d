/**
 * The evaluation sets of a folder. A set's file carries `.dev.` or `.heldout.` in its name:
 * `complaints.*.jsonl` (over `nstg/docs.jsonl`, or over the project's own articles where that is missing), `redflags.*.jsonl`,
 * `memory.*.jsonl`, and `medquad/queries.*.jsonl` with `medquad/qrels.*.tsv` over `medquad/corpus.jsonl`.
 */
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Language } from '../../../shared/contract/common.js'
import type { Judgements } from './retrieval-measures.js'

/** A document of a set's corpus. */
export interface CorpusDocument {
  id: string
  title: string
  text: string
}

export interface JudgedQuery {
  text: string
  judgements: Judgements
}

export interface RetrievalSet {
  set: 'complaints' | 'medquad'
  name: string
  /** Null: the project's own articles are the corpus. */
  corpus: CorpusDocument[] | null
  queries: Partial<Record<Language, JudgedQuery[]>>
}

export interface RedFlag {
  id: string
  lang: Language
  text: string
  level: 'emergency' | 'urgent' | 'routine'
}

export interface SetFiles {
  complaints: string[]
  medquad: string[]
  redflags: string[]
  memory: string[]
}

const nstgDocument = z.object({ id: z.string(), title: z.string(), text: z.string() })
const complaint = z.object({ id: z.string(), en: z.string(), fr: z.string(), relevant: z.array(z.object({ id: z.string(), grade: z.number() })) })
const medquadDocument = z.object({ _id: z.string(), title: z.string(), text: z.string() })
const medquadQuery = z.object({ _id: z.string(), text: z.string() })
const redFlag = z.object({ id: z.string(), lang: z.enum(['en', 'fr']), text: z.string(), level: z.enum(['emergency', 'urgent', 'routine']) })

function readLines<Value>(file: string, schema: z.ZodType<Value>): Value[] {
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const parsed = schema.safeParse(JSON.parse(line))
      if (!parsed.success) throw new Error(`${path.basename(file)}, line ${index + 1}: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? 'is not valid'}`)
      return parsed.data
    })
}

/** The files of every set in a folder, in order of their names. */
export function findSets(folder: string): SetFiles {
  const matching = (subfolder: string, pattern: RegExp): string[] => {
    const within = path.join(folder, subfolder)
    if (!fs.existsSync(within)) return []
    return fs.readdirSync(within).filter((name) => pattern.test(name)).sort().map((name) => path.join(within, name))
  }
  const ofKind = (prefix: string): RegExp => new RegExp(`^${prefix}\.(.+\.)?(dev|heldout)\.(.+\.)?jsonl$`)
  return {
    complaints: matching('.', ofKind('complaints')),
    medquad: matching('medquad', ofKind('queries')),
    redflags: matching('.', ofKind('redflags')),
    memory: matching('.', ofKind('memory')),
  }
}

export function readComplaints(file: string): RetrievalSet {
  const corpusFile = path.join(path.dirname(file), 'nstg', 'docs.jsonl')
  const lines = readLines(file, complaint)
  const queries = (language: Language): JudgedQuery[] =>
    lines.map((line) => ({ text: line[language], judgements: new Map(line.relevant.map(({ id, grade }) => [id, grade])) }))
  return {
    set: 'complaints',
    name: path.basename(file, '.jsonl'),
    corpus: fs.existsSync(corpusFile) ? readLines(corpusFile, nstgDocument) : null,
    queries: { en: queries('en'), fr: queries('fr') },
  }
}

export function readMedquad(file: string): RetrievalSet {
  const folder = path.dirname(file)
  const judgements = new Map<string, Map<string, number>>()
  const judgementFile = path.join(folder, path.basename(file).replace(/^queries/, 'qrels').replace(/\.jsonl$/, '.tsv'))
  for (const line of fs.readFileSync(judgementFile, 'utf8').trim().split('\n').slice(1)) {
    const [query = '', document = '', score = '0'] = line.split('\t')
    const ofQuery = judgements.get(query) ?? new Map<string, number>()
    judgements.set(query, ofQuery.set(document, Number(score)))
  }
  return {
    set: 'medquad',
    name: `medquad-${path.basename(file, '.jsonl')}`,
    corpus: readLines(path.join(folder, 'corpus.jsonl'), medquadDocument).map(({ _id: id, title, text }) => ({ id, title, text })),
    queries: { en: readLines(file, medquadQuery).map(({ _id: id, text }) => ({ text, judgements: judgements.get(id) ?? new Map<string, number>() })) },
  }
}

export function readRedFlags(file: string): RedFlag[] {
  return readLines(file, redFlag)
}

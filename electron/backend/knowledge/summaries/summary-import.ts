/**
 * Reads clinical_summaries.csv row by row into ward documents. Names and ids stay out: patient_id and summary_id are dropped (a document is
 * known by the digest of its scrubbed text), texts are scrubbed, dates keep their month, ages over 89 become 90.
 */
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { z } from 'zod'
import type { Language } from '../../../../shared/contract/common.js'
import { digest } from '../passages/digest.js'
import { clinicalSummaryId, type IngestedDocument } from '../passages/document.js'
import { detectLanguage } from '../language/language-detection.js'
import { scrubIdentifiers } from './scrub-identifiers.js'

export const summaryColumns = [
  'summary_id',
  'patient_id',
  'patient_age',
  'patient_gender',
  'diagnosis',
  'body_temp_c',
  'blood_pressure_systolic',
  'heart_rate',
  'summary_text',
  'date_recorded',
] as const

const optionalNumber = (least: number, most: number) =>
  z
    .string()
    .trim()
    .transform((value) => (value === '' ? null : Number(value.replace(',', '.'))))
    .pipe(z.number().min(least).max(most).nullable())

const summaryRow = z.object({
  summary_id: z.string().trim().min(1).max(100),
  patient_id: z.string().trim().max(100),
  patient_age: optionalNumber(0, 130),
  patient_gender: z.string().trim().max(30),
  diagnosis: z.string().trim().min(1).max(300),
  body_temp_c: optionalNumber(25, 45),
  blood_pressure_systolic: optionalNumber(30, 300),
  heart_rate: optionalNumber(10, 350),
  summary_text: z.string().trim().min(1).max(20_000),
  date_recorded: z.string().trim().regex(/^\d{4}-\d{2}(?:-\d{2})?/).transform((value) => value.slice(0, 7)).refine((month) => !Number.isNaN(Date.parse(`${month}-01`))),
})
type SummaryRow = z.infer<typeof summaryRow>

/** The file is not a table of clinical summaries, or cannot be read. */
export class SummaryFileError extends Error {
  constructor(readonly reason: 'unreadable' | 'missing_columns' | 'malformed') {
    super(`the file of clinical summaries cannot be imported (${reason})`)
    this.name = 'SummaryFileError'
  }
}

export interface SummaryRows {
  /** Rows that became documents, those that say the same included. */
  imported: number
  skipped: number
  /** How many rows were left out for which reason: a column's name, `duplicate` or `malformed`. */
  reasons: Record<string, number>
}

/** Reads the rows and hands them on in batches, counting what is left out and why. Throws SummaryFileError. */
export async function readSummaries(path: string, names: ReadonlySet<string>, onBatch: (documents: IngestedDocument[]) => Promise<void>): Promise<SummaryRows> {
  const report: SummaryRows = { imported: 0, skipped: 0, reasons: {} }
  const skip = (reason: string): void => {
    report.skipped++
    report.reasons[reason] = (report.reasons[reason] ?? 0) + 1
  }
  let hasColumns = false
  const parser = parse({
    bom: true,
    columns: (header: string[]) => {
      const found = header.map((column) => column.trim().toLowerCase())
      hasColumns = summaryColumns.every((column) => found.includes(column))
      return found
    },
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 200_000,
    on_skip: () => {
      skip('malformed')
      return undefined
    },
  })
  const file = createReadStream(path)
  file.on('error', (error) => parser.destroy(error))
  const seen = new Set<string>()
  let batch: IngestedDocument[] = []
  try {
    for await (const record of file.pipe(parser)) {
      if (!hasColumns) throw new SummaryFileError('missing_columns')
      const row = summaryRow.safeParse(record)
      if (!row.success) {
        skip(String(row.error.issues[0]?.path[0] ?? 'malformed'))
        continue
      }
      if (seen.has(row.data.summary_id)) {
        skip('duplicate')
        continue
      }
      seen.add(row.data.summary_id)
      batch.push(toDocument(row.data, names))
      report.imported++
      if (batch.length >= 100) {
        await onBatch(batch)
        batch = []
      }
    }
  } catch (error) {
    if (error instanceof SummaryFileError) throw error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code.startsWith('CSV_')) throw new SummaryFileError('malformed')
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'EIO') throw new SummaryFileError('unreadable')
    throw error
  } finally {
    file.destroy()
  }
  if (!hasColumns) throw new SummaryFileError('missing_columns')
  if (batch.length > 0) await onBatch(batch)
  return report
}

const labels = {
  en: {
    title: 'Clinical summary',
    patient: 'Patient',
    measures: 'Measurements',
    summary: 'Summary',
    age: (years: string) => `${years} years`,
    gender: { female: 'Female', male: 'Male', unknown: 'Gender not recorded' },
    temperature: 'Body temperature',
    pressure: 'Systolic blood pressure',
    heartRate: 'Heart rate',
    minute: 'a minute',
    recorded: 'Recorded in',
    reviewed: 'hospital record',
  },
  fr: {
    title: 'Résumé clinique',
    patient: 'Patient',
    measures: 'Mesures',
    summary: 'Résumé',
    age: (years: string) => `${years} ans`,
    gender: { female: 'Femme', male: 'Homme', unknown: 'Sexe non noté' },
    temperature: 'Température',
    pressure: 'Pression artérielle systolique',
    heartRate: 'Fréquence cardiaque',
    minute: 'par minute',
    recorded: 'Enregistré en',
    reviewed: 'dossier de l’hôpital',
  },
} as const

function toDocument(row: SummaryRow, names: ReadonlySet<string>): IngestedDocument {
  const known = [row.patient_id, row.summary_id]
  const text = scrubIdentifiers(row.summary_text, known, names).replace(/^(#+\s)/gm, '\\$1')
  const diagnosis = scrubIdentifiers(row.diagnosis, known, names).replace(/\s+/g, ' ')
  const lang: Language = detectLanguage(row.summary_text, 'en')
  const label = labels[lang]
  const number = (value: number): string => value.toLocaleString(lang, { maximumFractionDigits: 1, useGrouping: false })
  const age = row.patient_age === null ? null : row.patient_age > 89 ? '90+' : String(Math.floor(row.patient_age))
  const measures = [
    row.body_temp_c === null ? null : `${label.temperature} ${number(row.body_temp_c)} °C.`,
    row.blood_pressure_systolic === null ? null : `${label.pressure} ${number(row.blood_pressure_systolic)} mmHg.`,
    row.heart_rate === null ? null : `${label.heartRate} ${number(row.heart_rate)} ${label.minute}.`,
  ].filter((measure) => measure !== null)
  const title = `${label.title}: ${diagnosis}`
  const content = [
    `# ${title}`,
    `## ${label.patient}\n${label.gender[gender(row.patient_gender)]}${age === null ? '' : `, ${label.age(age)}`}. ${label.recorded} ${row.date_recorded}.`,
    ...(measures.length > 0 ? [`## ${label.measures}\n${measures.join(' ')}`] : []),
    `## ${label.summary}\n${text}`,
  ].join('\n\n')
  return {
    documentId: clinicalSummaryId(digest(content)),
    lang,
    kind: 'clinical_summary',
    title,
    topic: null,
    department: null,
    audience: 'ward',
    ownerId: null,
    content,
    sources: [],
    reviewedBy: label.reviewed,
    reviewed: false,
    version: 1,
    updated: `${row.date_recorded}-01`,
    keywords: [],
  }
}

function gender(value: string): 'female' | 'male' | 'unknown' {
  if (/^(?:f|female|femme|féminin|feminin|woman|girl|fille)$/i.test(value)) return 'female'
  if (/^(?:m|male|homme|h|masculin|man|boy|garçon|garcon)$/i.test(value)) return 'male'
  return 'unknown'
}

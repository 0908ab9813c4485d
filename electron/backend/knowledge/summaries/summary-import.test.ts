import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IngestedDocument } from '../passages/document.js'
import { readSummaries, summaryColumns, SummaryFileError, type SummaryRows } from './summary-import.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'summaries-'))
})
afterAll(() => rm(folder, { recursive: true }))

const header = summaryColumns.join(',')
async function read(text: string, names: string[] = []): Promise<{ documents: IngestedDocument[]; report: SummaryRows }> {
  const path = join(folder, 'summaries.csv')
  await writeFile(path, text)
  const documents: IngestedDocument[] = []
  const report = await readSummaries(path, new Set(names), async (batch) => {
    documents.push(...batch)
  })
  return { documents, report }
}

describe('readSummaries', () => {
  it('reads the project’s test set whole, without a name, number or id of it', async () => {
    const documents: IngestedDocument[] = []
    const report = await readSummaries(join(import.meta.dirname, '../../../../data/clinical/clinical_summaries_test.csv'), new Set(['ngono']), async (batch) => {
      documents.push(...batch)
    })
    expect(report).toEqual({ imported: 60, skipped: 0, reasons: {} })
    expect(documents.every((document) => document.audience === 'ward' && document.kind === 'clinical_summary')).toBe(true)
    expect(documents.filter((document) => document.lang === 'fr')).toHaveLength(30)
    for (const document of documents) expect(JSON.stringify(document)).not.toMatch(/PT-\d|CS\d{4}|Fictif|Fictive|NGONO|699 00|677000002|00118|\d{4}-\d{2}-(?!01")\d{2}/)
  })

  it('counts bad rows by reason and keeps the good ones', async () => {
    const { documents, report } = await read(
      [
        `\uFEFF${header}`,
        'S1,P1,34,F,Malaria,38.9,118,98,Three days of fever.,2025-03-14',
        'S2,P2,abc,F,Malaria,38.9,118,98,Age is no number.,2025-03-14',
        'S3,P3,34,F,Malaria,389,118,98,Temperature is impossible.,2025-03-14',
        'S4,P4,34,F,Malaria,38.9,118,98,,2025-03-14',
        'S5,P5,34,F,Malaria,38.9,118,98,No such month.,2025-13-14',
        'S6,P6,34,F,Malaria,38.9',
        'S1,P1,34,F,Malaria,38.9,118,98,The same id again.,2025-03-14',
        ',P8,34,F,Malaria,38.9,118,98,No id.,2025-03-14',
        'S9,P9,,?,Malaria,,,,"Nothing measured, and a ""quoted"" word.",2025-03-14',
      ].join('\n'),
    )
    expect(report).toEqual({ imported: 2, skipped: 7, reasons: { patient_age: 1, body_temp_c: 1, summary_text: 1, date_recorded: 1, malformed: 1, duplicate: 1, summary_id: 1 } })
    expect(documents[0]?.content).toBe(
      '# Clinical summary: Malaria\n\n## Patient\nFemale, 34 years. Recorded in 2025-03.\n\n' +
        '## Measurements\nBody temperature 38.9 °C. Systolic blood pressure 118 mmHg. Heart rate 98 a minute.\n\n## Summary\nThree days of fever.',
    )
    expect(documents[1]?.content).toContain('Gender not recorded. Recorded in 2025-03.')
    expect(documents[1]?.content).not.toContain('Measurements')
  })

  it('reduces great ages and keeps a heading in the text from becoming one', async () => {
    const { documents } = await read(`${header}\nS1,P1,104,M,Fall,36.5,120,80,"# Note\nFell at home.",2025-01`)
    expect(documents[0]?.content).toContain('90+ years')
    expect(documents[0]?.content).toContain('\\# Note')
  })

  it.each([
    ['a missing column', 'summary_id,patient_id\nS1,P1', 'missing_columns'],
    ['an empty file', '', 'missing_columns'],
    ['a picture', '\x89PNG\r\n\x1a\n\0\0\0', 'missing_columns'],
  ])('refuses %s', async (_, text, reason) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'SummaryFileError', reason })
  })

  it('refuses a file that is not there, and a folder', async () => {
    await expect(readSummaries(join(folder, 'nowhere.csv'), new Set(), async () => undefined)).rejects.toEqual(new SummaryFileError('unreadable'))
    await expect(readSummaries(folder, new Set(), async () => undefined)).rejects.toEqual(new SummaryFileError('unreadable'))
  })

  it('stops at a batch that cannot be written', async () => {
    const path = join(folder, 'many.csv')
    await writeFile(path, [header, ...Array.from({ length: 300 }, (_, index) => `S${index},P,34,F,Malaria,38.9,118,98,Row ${index}.,2025-03-14`)].join('\n'))
    let batches = 0
    await expect(
      readSummaries(path, new Set(), async () => {
        batches++
        throw new Error('no room')
      }),
    ).rejects.toThrow('no room')
    expect(batches).toBe(1)
  })
})

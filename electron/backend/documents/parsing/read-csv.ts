/** A table in a CSV file: each row becomes a line that names its columns, so that a row says on its own what it is about. */
import { CsvError, parse } from 'csv-parse/sync'
import { decodeText } from './decode-text.js'
import { DocumentFailure } from './document-failure.js'
import { assertLength, cleanText, type DocumentText, type ReadingProgress } from './document-text.js'

const delimiters = [',', ';', '\t', '|']
/** Rows under one heading: a place in a long table is found again by its numbers. */
const rowsASection = 50
const maximumColumns = 200
const maximumRows = 50_000

/** Throws `document_unreadable` when it is no table, `document_too_long` and `document_without_text`. */
export function readCsv(bytes: Uint8Array, onProgress: ReadingProgress): DocumentText {
  const text = cleanText(decodeText(bytes))
  assertLength(text.length)
  const rows = parseRows(text).filter((row) => row.some((value) => value.trim() !== ''))
  const [head, ...body] = rows
  if (!head) throw new DocumentFailure('document_without_text')
  if (body.length > maximumRows || head.length > maximumColumns) throw new DocumentFailure('document_too_long')
  const names = head.map((name, at) => name.replace(/\s+/g, ' ').trim() || `${at + 1}`)
  const sections: string[] = []
  let length = 0
  for (let at = 0; at < body.length; at += rowsASection) {
    const part = body.slice(at, at + rowsASection)
    const heading = body.length > rowsASection ? `## ${at + 1}–${at + part.length}\n\n` : ''
    const section = heading + part.map((row) => describe(names, row)).join('\n')
    sections.push(section)
    length += section.length
    // The names of many columns in every row can make a short file long.
    assertLength(length)
    onProgress(at + part.length, body.length)
  }
  return { title: null, content: sections.length === 0 ? `- ${names.join('; ')}` : sections.join('\n\n'), pageStarts: null, pagesWithoutText: 0 }
}

function describe(names: readonly string[], row: readonly string[]): string {
  const values = row.flatMap((value, at) => {
    const shown = value.replace(/\s+/g, ' ').trim()
    return shown === '' ? [] : [`${names[at] ?? at + 1}: ${shown}`]
  })
  return `- ${values.join('; ')}`
}

function parseRows(text: string): string[][] {
  try {
    return parse(text, { delimiter: mostRegularDelimiter(text), relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: 1_000_000 })
  } catch (error) {
    if (error instanceof CsvError) throw new DocumentFailure('document_unreadable', error)
    throw error
  }
}

/** The delimiter that parts the first lines into the same number of columns, the more the better. */
function mostRegularDelimiter(text: string): string {
  const lines = text.split('\n', 21).filter((line) => line.trim() !== '').slice(0, 20)
  const regularity = (delimiter: string): number => {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(delimiter).length)
    const [first = 1] = counts
    return first < 2 ? 0 : first * (counts.filter((count) => count === first).length / counts.length) ** 2
  }
  return delimiters.reduce((best, one) => (regularity(one) > regularity(best) ? one : best))
}

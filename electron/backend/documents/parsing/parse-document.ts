/** From a file's bytes to the text, the language and the passages of a document. Runs in the document thread. */
import type { Language } from '../../../../shared/contract/common.js'
import type { DocumentFormat } from '../../../../shared/contract/documents.js'
import { detectLanguage } from '../../knowledge/language/language-detection.js'
import { splitPassages, type PassageSpan } from '../../knowledge/passages/split-passages.js'
import { DocumentFailure } from './document-failure.js'
import { assertLength, type DocumentText, type ReadingProgress } from './document-text.js'
import { readCsv } from './read-csv.js'
import { readMarkdown, readPlainText } from './read-plain-text.js'
import { sniffFormat } from './sniff-format.js'

export interface ParsedDocument extends DocumentText {
  format: DocumentFormat
  title: string
  lang: Language
  passages: PassageSpan[]
}

/** As much of the text as the language is told by, characters. */
const languageSample = 40_000
const longestTitle = 300

/** Parses a file. `fallback` is the language of a text whose words do not tell. Throws DocumentFailure. */
export async function parseDocument({ bytes, fileName, fallback, onProgress }: { bytes: Uint8Array; fileName: string; fallback: Language; onProgress: ReadingProgress }): Promise<ParsedDocument> {
  const format = sniffFormat(bytes, fileName)
  const read = await readText(format, bytes, onProgress)
  assertLength(read.content.length)
  if (!/[\p{L}\p{N}]/u.test(read.content)) throw new DocumentFailure('document_without_text')
  const lang = detectLanguage(read.content.slice(0, languageSample), fallback)
  const passages = splitPassages(read.content, lang)
  if (passages.length === 0) throw new DocumentFailure('document_without_text')
  return { ...read, format, title: (read.title ?? titleOfFile(fileName)).slice(0, longestTitle), lang, passages }
}

async function readText(format: DocumentFormat, bytes: Uint8Array, onProgress: ReadingProgress): Promise<DocumentText> {
  try {
    // The large libraries are loaded for the files that need them.
    switch (format) {
      case 'pdf':
        return await (await import('./pdf/read-pdf.js')).readPdf(bytes, onProgress)
      case 'docx':
        return await (await import('./read-docx.js')).readDocx(bytes)
      case 'html':
        return (await import('./read-html.js')).readHtml(bytes)
      case 'csv':
        return readCsv(bytes, onProgress)
      case 'md':
        return readMarkdown(bytes)
      case 'txt':
        return readPlainText(bytes)
    }
  } catch (error) {
    // Elements nested in one another by the ten thousand end the stack.
    if (error instanceof RangeError) throw new DocumentFailure('document_too_complex', error)
    throw error
  }
}

/** A file's name as a title: without its ending, with spaces. */
function titleOfFile(fileName: string): string {
  const name = fileName.replace(/\.[a-z0-9]{1,8}$/i, '').replace(/[_\s]+/g, ' ').trim()
  return name === '' ? fileName : name
}

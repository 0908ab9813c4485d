/** A PDF's text, page by page. pdf.js runs in this very thread, evaluates nothing and fetches nothing; pictures and fonts are not drawn. */
import './pdf-globals.js'
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { maximumDocumentPages } from '../../../../../shared/contract/documents.js'
import { DocumentFailure } from '../document-failure.js'
import { assertLength, cleanText, type DocumentText, type ReadingProgress } from '../document-text.js'
import { dropRepeated, type LinedPage } from './drop-repeated.js'
import { WordForms } from './join-lines.js'
import { readBlocks, readTypography } from './page-blocks.js'
import { lineText, readLines, type TextPiece } from './page-lines.js'
import { writePages } from './write-pages.js'

/** With fewer characters a page on average the document is pictures of pages with a stamp on them. */
const leastCharactersAPage = 15

/** Reads a PDF. Throws DocumentFailure. */
export async function readPdf(bytes: Uint8Array, onProgress: ReadingProgress): Promise<DocumentText> {
  const task = getDocument({
    data: bytes,
    isEvalSupported: false,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    isOffscreenCanvasSupported: false,
    enableXfa: false,
    verbosity: 0,
  })
  try {
    const document = await task.promise
    if (document.numPages > maximumDocumentPages) throw new DocumentFailure('document_too_many_pages')
    const pages = dropRepeated(await readPages(document, onProgress))
    return { title: await readTitle(document), ...writeText(pages) }
  } catch (error) {
    throw toFailure(error)
  } finally {
    await task.destroy()
  }
}

interface ReadPage extends LinedPage {
  failed: boolean
}

async function readPages(document: PDFDocumentProxy, onProgress: ReadingProgress): Promise<ReadPage[]> {
  const pages: ReadPage[] = []
  let characters = 0
  for (let number = 1; number <= document.numPages; number++) {
    const page = await readPage(document, number)
    characters += page.lines.reduce((sum, line) => sum + lineText(line).length, 0)
    assertLength(characters)
    pages.push(page)
    onProgress(number, document.numPages)
  }
  if (pages.every((page) => page.failed)) throw new DocumentFailure('document_unreadable')
  return pages
}

/** One damaged page costs that page. */
async function readPage(document: PDFDocumentProxy, number: number): Promise<ReadPage> {
  try {
    const page = await document.getPage(number)
    const viewport = page.getViewport({ scale: 1 })
    const { items } = await page.getTextContent()
    const pieces = items.flatMap((item): TextPiece[] => ('str' in item ? [{ str: cleanText(item.str), width: item.width, transform: item.transform as number[] }] : []))
    page.cleanup()
    return { height: viewport.height, lines: readLines(pieces, viewport.transform as number[]), failed: false }
  } catch {
    // It is counted as a page without text, which the list shows.
    return { height: 0, lines: [], failed: true }
  }
}

function writeText(pages: readonly LinedPage[]): Omit<DocumentText, 'title'> {
  const characters = pages.reduce((sum, { lines }) => sum + lines.reduce((length, line) => length + lineText(line).replace(/\s/g, '').length, 0), 0)
  if (characters < leastCharactersAPage * pages.length) throw new DocumentFailure('document_without_text')
  const forms = new WordForms()
  for (const { lines } of pages) for (const line of lines) forms.add(lineText(line))
  const typography = readTypography(pages)
  const written = writePages(pages.map(({ lines }) => readBlocks(lines, typography, forms)), forms)
  return { ...written, pagesWithoutText: pages.filter(({ lines }) => lines.length === 0).length }
}

/** Programs write their own name or the file's there; only what reads like a title is one. */
async function readTitle(document: PDFDocumentProxy): Promise<string | null> {
  const { info } = await document.getMetadata()
  const { Title: title } = info as { Title?: unknown }
  if (typeof title !== 'string') return null
  const text = cleanText(title).replace(/\s+/g, ' ').trim()
  const isTitle = text.length >= 4 && text.length <= 200 && /\p{L}{3}/u.test(text) && !/^(?:microsoft|untitled|sans titre|slide|document\d*\b|powerpoint|print)|\.(?:docx?|pdf|indd|pptx?|xlsx?|html?|tex|dvi|qxd)\b/i.test(text)
  return isTitle ? text : null
}

function toFailure(error: unknown): DocumentFailure {
  if (error instanceof DocumentFailure) return error
  return new DocumentFailure(error instanceof Error && error.name === 'PasswordException' ? 'document_encrypted' : 'document_unreadable', error)
}

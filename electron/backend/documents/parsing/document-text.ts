/** What reading a file gives, and what is done to every text before it is kept. */
import { DocumentFailure } from './document-failure.js'

export interface DocumentText {
  /** The title that the document gives itself, or null. */
  title: string | null
  /** Markdown: headings from the second level on, paragraphs, lists, tables. */
  content: string
  /** UTF-16 offset at which each page begins in the content, or null where there are no pages. */
  pageStarts: number[] | null
  /** Pages without any text, such as scans. */
  pagesWithoutText: number
}

/** Tells how far the reading is. */
export type ReadingProgress = (done: number, total: number) => void

/** Most characters of a document's text. */
export const maximumCharacters = 5_000_000

/** Control characters but line feed and tab, and what a byte order mark leaves behind. */
const unprintable = new RegExp('[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\ufeff\\ufff9-\\ufffb]', 'g')
const halfSurrogate = /\p{Surrogate}/gu

/** Text as it can be stored and searched: composed accents, one kind of line end, no control character and no half surrogate pair. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u2028\u2029\u000c]/g, '\n').replace(unprintable, '').replace(halfSurrogate, '\ufffd').replace(/\u00ad/g, '').normalize('NFC')
}

/** Throws `document_too_long`. */
export function assertLength(characters: number): void {
  if (characters > maximumCharacters) throw new DocumentFailure('document_too_long')
}

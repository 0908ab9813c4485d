/** Which kind of file this is, by its content. The name decides only between kinds of text, which look alike. */
import type { DocumentFormat } from '../../../../shared/contract/documents.js'
import { DocumentFailure } from './document-failure.js'

/** Where a PDF's header has to begin (ISO 32000-1, annex H.3.4.1, note 12). */
const headerRange = 1024
/** As much as is looked at to tell text from other bytes. */
const sampleLength = 64 * 1024

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean => start.every((byte, at) => bytes[at] === byte)
const ascii = (bytes: Uint8Array, from: number, to: number): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(from, to).toString('latin1')

const zipStart = [0x50, 0x4b, 0x03, 0x04]
/** Compound File Binary: old Office files, and the envelope of new ones with a password. */
const compoundStart = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
/** Files that are mostly printable and yet no text that can be read. */
const otherText = /^\s*(?:\{\\rtf|%!PS|<svg[\s>]|From - )/i

/** Throws `document_empty`, `document_type_not_supported`, and `document_encrypted` for an Office file with a password. A zip archive is said to be `docx`; its reader looks inside. */
export function sniffFormat(bytes: Uint8Array, fileName: string): DocumentFormat {
  if (bytes.length === 0) throw new DocumentFailure('document_empty')
  if (ascii(bytes, 0, headerRange).includes('%PDF-')) return 'pdf'
  if (startsWith(bytes, zipStart)) return 'docx'
  if (startsWith(bytes, compoundStart)) {
    const encrypted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from('EncryptedPackage', 'utf16le'))
    throw new DocumentFailure(encrypted ? 'document_encrypted' : 'document_type_not_supported')
  }
  if (!looksLikeText(bytes)) throw new DocumentFailure('document_type_not_supported')
  return textFormat(withoutWideZeros(ascii(bytes, 0, 2048)), fileName)
}

function looksLikeText(bytes: Uint8Array): boolean {
  const wide = startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])
  if (wide) return true
  const sample = bytes.subarray(0, sampleLength)
  let control = 0
  for (const byte of sample) {
    if (byte === 0) return false
    if (byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1a, 0x1b].includes(byte)) control++
  }
  return control <= Math.max(2, sample.length / 200)
}

/** UTF-16 read byte by byte has a zero beside each letter of its marks. */
function withoutWideZeros(text: string): string {
  return text.replaceAll('\0', '').replace(/^(?:\u00ff\u00fe|\u00fe\u00ff|\u00ef\u00bb\u00bf)/, '')
}

function textFormat(start: string, fileName: string): DocumentFormat {
  if (otherText.test(start)) throw new DocumentFailure('document_type_not_supported')
  const extension = /\.([a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? ''
  const isPage = /^\s*(?:<!--[\s\S]*?-->\s*)*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html[\s>])/i.test(start)
  if (isPage || (['html', 'htm', 'xhtml'].includes(extension) && /<[a-z][\s\S]*>/i.test(start))) return 'html'
  if (/^\s*<\?xml/.test(start)) throw new DocumentFailure('document_type_not_supported')
  if (['csv', 'tsv'].includes(extension)) return 'csv'
  return ['md', 'markdown'].includes(extension) ? 'md' : 'txt'
}

/** Real PDF files for tests: pages of lines as a program would set them, scans, and files that are broken in known ways. */
import { PDFDocument, StandardFonts, type PDFFont, type PDFPage } from 'pdf-lib'

export interface PlacedText {
  text: string
  x?: number
  /** From the top of the page, points. */
  y: number
  size?: number
}

export interface PdfOptions {
  title?: string
  /** Printed at the top of each page, with its number. */
  head?: (page: number) => string
  foot?: (page: number) => string
}

const pageSize: [number, number] = [595, 842]

/** A PDF with these texts at their places, a list a page. */
export async function makePdf(pages: readonly (readonly PlacedText[])[], { title, head, foot }: PdfOptions = {}): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  if (title !== undefined) document.setTitle(title)
  const font = await document.embedFont(StandardFonts.Helvetica)
  for (const [index, texts] of pages.entries()) {
    const page = document.addPage(pageSize)
    if (head) place(page, font, { text: head(index + 1), x: 60, y: 40, size: 9 })
    for (const text of texts) place(page, font, text)
    if (foot) place(page, font, { text: foot(index + 1), x: 280, y: 812, size: 9 })
  }
  return document.save()
}

/** Lines below one another in running type; an empty one is the space between paragraphs. */
export function lines(texts: readonly string[], from = 120): PlacedText[] {
  return texts.flatMap((text, at) => (text === '' ? [] : [{ text, y: from + at * 14, size: 11 }]))
}

/** A book of so many pages; each says its number in words of its own. */
export async function makeBook(pages: number, sentence: (page: number) => readonly string[]): Promise<Uint8Array> {
  return makePdf(Array.from({ length: pages }, (_, at) => lines(sentence(at + 1))), { head: (page) => `Ward manual ${page}`, foot: (page) => String(page) })
}

/** Pages that are pictures alone. */
export async function makeScan(pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  const picture = await document.embedPng(Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'))
  for (let page = 0; page < pages; page++) document.addPage(pageSize).drawImage(picture, { x: 0, y: 0, width: 595, height: 842 })
  return document.save()
}

/** A PDF whose standard security handler wants a password (ISO 32000-1, 7.6.3): the user key is that of no empty password. */
export function makeEncryptedPdf(): Uint8Array {
  const key = (seed: number): string => Array.from({ length: 32 }, (_, at) => ((at * 37 + seed * 101 + 11) % 256).toString(16).padStart(2, '0')).join('')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
    `<< /Filter /Standard /V 1 /R 2 /O <${key(1)}> /U <${key(2)}> /P -44 >>`,
  ]
  return assemble(objects, `/Encrypt 4 0 R /ID [<${key(3).slice(0, 32)}> <${key(3).slice(0, 32)}>]`)
}

/** A PDF whose one page unpacks to so many bytes of operators. */
export async function makePdfBomb(unpackedBytes: number): Promise<Uint8Array> {
  const { deflateSync } = await import('node:zlib')
  const packed = deflateSync(Buffer.alloc(unpackedBytes, 'q Q '), { level: 9 })
  const stream = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>', `${stream}${packed.toString('latin1')}\nendstream`]
  return assemble(objects, '')
}

function assemble(objects: readonly string[], trailer: string): Uint8Array {
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, at) => {
    const offset = text.length
    text += `${at + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const xref = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${xref}\n%%EOF\n`
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

function place(page: PDFPage, font: PDFFont, { text, x = 60, y, size = 11 }: PlacedText): void {
  page.drawText(text, { x, y: page.getHeight() - y, size, font })
}

import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ContractError } from '../../../shared/contract/errors.js'
import { DocumentReader, type ReadingLimits } from './document-reader.js'
import type { ParsedDocument } from './parsing/parse-document.js'
import { lines, makeBook, makePdf, makePdfBomb } from './testing/make-pdf.js'

const broken = pathToFileURL(join(import.meta.dirname, 'testing', 'broken-worker.fixture.ts'))
const text = new TextEncoder().encode('The ward opens at six in the morning.')

function read(reader: DocumentReader, bytes: Uint8Array, fileName: string, options: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {}): Promise<ParsedDocument> {
  return reader.read({ bytes, fileName, fallback: 'en', signal: options.signal ?? new AbortController().signal, onProgress: options.onProgress ?? (() => undefined) })
}
const failure = (reading: Promise<unknown>): Promise<string> => reading.then(() => 'it was read', (error: unknown) => (error instanceof ContractError ? error.code : String(error)))
const breaking = (limits: Partial<ReadingLimits> = {}): DocumentReader => new DocumentReader({ workerSource: broken, limits })

describe('DocumentReader', () => {
  it('reads a file in a thread, tells how far it is, and leaves the caller its bytes', async () => {
    const seen: [number, number][] = []
    const bytes = await makeBook(30, (page) => [`The text of page ${page} is long enough to be read.`])
    const length = bytes.byteLength
    const document = await read(new DocumentReader(), bytes, 'book.pdf', { onProgress: (done, total) => seen.push([done, total]) })
    expect(document.pageStarts).toHaveLength(30)
    expect(seen.at(-1)).toEqual([30, 30])
    expect(bytes.byteLength).toBe(length)
  })

  it('gives the reason when a file cannot be read', async () => {
    expect(await failure(read(new DocumentReader(), new TextEncoder().encode('%PDF-1.4 no'), 'x.pdf'))).toBe('document_unreadable')
    expect(await failure(read(new DocumentReader(), new Uint8Array(), 'x.pdf'))).toBe('document_empty')
  })

  it('ends a thread that takes too long, too much memory, or breaks, and says what it was without its text', async () => {
    expect(await failure(read(breaking({ timeMs: 1500 }), text, 'hang'))).toBe('document_took_too_long')
    expect(await failure(read(breaking({ heapMb: 96 }), text, 'heap'))).toBe('document_too_complex')
    expect(await failure(read(breaking({ growthMb: 300 }), text, 'buffers'))).toBe('document_too_complex')
    expect(await failure(read(breaking(), text, 'throw'))).toBe('document_unreadable')
    expect(await failure(read(breaking(), text, 'exit'))).toBe('document_unreadable')
  })

  it('stops at once when it is told to', async () => {
    const controller = new AbortController()
    const reading = read(breaking(), text, 'wait', { signal: controller.signal, onProgress: () => controller.abort() })
    expect(await failure(reading)).toBe('cancelled')
    expect(await failure(read(new DocumentReader(), text, 'late.txt', { signal: AbortSignal.abort() }))).toBe('cancelled')
  })

  it('survives a page that unpacks to hundreds of megabytes', async () => {
    const bomb = await makePdfBomb(400 * 1024 * 1024)
    expect(bomb.byteLength).toBeLessThan(2 * 1024 * 1024)
    expect(await failure(read(new DocumentReader({ limits: { timeMs: 8000, growthMb: 300 } }), bomb, 'bomb.pdf'))).toMatch(/^document_(too_complex|took_too_long|without_text|unreadable)$/)
    expect((await read(new DocumentReader(), await makePdf([lines(['After it the next file is read as if nothing had been.'])]), 'next.pdf')).content).toContain('next file')
  })
})

/** A web page from a file. */
import { decodeText } from './decode-text.js'
import { assertLength, cleanText, type DocumentText } from './document-text.js'
import { htmlToMarkdown } from './html-to-markdown.js'
import { normaliseHeadings } from './markdown-headings.js'

export function readHtml(bytes: Uint8Array): DocumentText {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(0, 4096).toString('latin1')
  const declared = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(start)?.[1] ?? null
  const html = cleanText(decodeText(bytes, declared))
  assertLength(html.length)
  const { content, title } = normaliseHeadings(cleanText(htmlToMarkdown(html)))
  const named = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1]
  const pageTitle = named === undefined ? '' : htmlToMarkdown(`<p>${named}</p>`).replace(/\\/g, '').replace(/\s+/g, ' ').trim()
  return { content, title: pageTitle || title, pageStarts: null, pagesWithoutText: 0 }
}

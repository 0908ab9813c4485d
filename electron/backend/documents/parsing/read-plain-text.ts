/** Plain text and Markdown files. */
import { decodeText } from './decode-text.js'
import { assertLength, cleanText, type DocumentText } from './document-text.js'
import { normaliseHeadings } from './markdown-headings.js'
import { markdownTable } from './markdown-table.js'

/** A Markdown file: its own headings and tables, without front matter and pictures. */
export function readMarkdown(bytes: Uint8Array): DocumentText {
  const text = cleanText(decodeText(bytes))
  assertLength(text.length)
  const body = text.replace(/^---\n[\s\S]*?\n(?:---|\.\.\.)\n/, '').replace(/!\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1')
  return { ...normaliseHeadings(body), pageStarts: null, pagesWithoutText: 0 }
}

/** A text file: lines that hold the same number of tabs are a table, a line of capitals between blank ones is a heading. A form feed is a page's end. */
export function readPlainText(bytes: Uint8Array): DocumentText {
  const text = cleanText(decodeText(bytes))
  assertLength(text.length)
  const blocks = text
    .split(/\n[ \t]*\n+/)
    .map((block) => block.replace(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, ''))
    .filter((block) => block.trim() !== '')
  const content = blocks.map(formatBlock).join('\n\n')
  return { ...normaliseHeadings(content), pageStarts: null, pagesWithoutText: 0 }
}

function formatBlock(block: string): string {
  const lines = block.split('\n')
  const cells = lines.map((line) => line.split('\t'))
  const columns = cells[0]?.length ?? 0
  if (lines.length > 1 && columns > 1 && cells.every((row) => row.length === columns)) return markdownTable(cells)
  const [line = ''] = lines
  if (lines.length === 1 && isCapitalLine(line)) return `## ${line.trim()}`
  // Four spaces at the start would make a line a block of code.
  return lines.map((one) => one.replace(/^ {4,}|^\t+/, '')).join('\n')
}

/** Whether a line stands in capitals and is short enough for a heading. */
export function isCapitalLine(line: string): boolean {
  const letters = line.match(/\p{L}/gu) ?? []
  return line.trim().length <= 80 && letters.length >= 4 && !/[.;,]$/.test(line.trim()) && line === line.toLocaleUpperCase()
}

/** From lines to what they are: headings by the size of their type, lists by their marks, tables by their cells, and paragraphs by the space between. */
import { isCapitalLine } from '../read-plain-text.js'
import { findTable, isProse } from './find-table.js'
import { joinLines, type WordForms } from './join-lines.js'
import { lineText, type PageLine } from './page-lines.js'

export type Block =
  | { kind: 'heading'; size: number; text: string }
  | { kind: 'paragraph' | 'item'; text: string }
  | { kind: 'table'; rows: string[][] }

/** What is usual in this document, in points. */
export interface Typography {
  /** Height of the type of running text. */
  bodySize: number
  /** Distance between the baselines of a paragraph, in heights of its type. */
  leading: number
}

const headingSize = 1.12
const longestHeading = 160
/** A paragraph ends where the distance grows by this much. */
const paragraphGap = 1.3
const bullet = /^(?:[•‣▪▫◦●○■□–—*·\uf0b7\uf0a7\uf0d8\u2043]|-(?=\s)|o(?=\s\p{L}))\s*/u
const numbered = /^(?:\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)/
const numberedHeading = /^\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+\p{Lu}[^.;:!?]{2,90}$/u
const sentenceEnd = /[.!?:;…»”)]$/
/** A line of a table of contents. */
const leaders = /(?:\.\s?){4,}\s*\d{1,4}$/

/** Reads the typography off every line of the document. */
export function readTypography(pages: readonly { lines: readonly PageLine[] }[]): Typography {
  const sizes = new Map<number, number>()
  for (const { lines } of pages) {
    for (const line of lines) {
      const size = Math.round(line.size * 2) / 2
      sizes.set(size, (sizes.get(size) ?? 0) + lineText(line).length)
    }
  }
  const bodySize = [...sizes].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 10
  const distances: number[] = []
  for (const { lines } of pages) {
    for (const [at, line] of lines.entries()) {
      const before = lines[at - 1]
      const distance = before ? (line.y - before.y) / line.size : 0
      if (distance > 0.8 && distance < 2.5 && Math.abs(line.size - bodySize) <= 0.5) distances.push(distance)
    }
  }
  distances.sort((one, other) => one - other)
  // The nearer half: the distance within paragraphs, not between them.
  return { bodySize, leading: distances[Math.floor(distances.length * 0.4)] ?? 1.2 }
}

/** The blocks of one page. */
export function readBlocks(lines: readonly PageLine[], typography: Typography, forms: WordForms): Block[] {
  const contents = lines.filter((line) => leaders.test(lineText(line)))
  const kept = contents.length >= 3 ? lines.filter((line) => !contents.includes(line)) : lines
  const blocks: Block[] = []
  const widths = kept.map((line) => line.end - line.x).sort((one, other) => one - other)
  const usualWidth = widths[Math.floor(widths.length * 0.7)] ?? 0
  let before: PageLine | null = null
  for (let at = 0; at < kept.length; at++) {
    const line = kept[at]
    if (!line) break
    const prose = proseRows(kept, at)
    if (prose.length > 0) {
      for (const column of [0, 1]) blocks.push(...readBlocks(prose.flatMap((row) => columnLine(row, column)), typography, forms))
      at += prose.length - 1
      before = null
      continue
    }
    const table = findTable(kept, at)
    if (table) {
      blocks.push({ kind: 'table', rows: table.rows })
      at += table.length - 1
      before = null
      continue
    }
    const block = blockOf(line, kept[at + 1] ?? null, before, typography)
    const open = blocks.at(-1)
    const goesOn = before !== null && open !== undefined && continuesBlock(open, block, before, line, typography, usualWidth)
    if (goesOn && open.kind !== 'table' && block.kind !== 'table') open.text = joinLines(open.text, lineText(line), forms)
    else blocks.push(block)
    before = line
  }
  return blocks
}

function blockOf(line: PageLine, next: PageLine | null, before: PageLine | null, { bodySize, leading }: Typography): Block {
  const text = lineText(line)
  const hasLetters = /\p{L}{2}/u.test(text)
  if (hasLetters && line.cells.length === 1 && text.length <= longestHeading) {
    if (line.size >= bodySize * headingSize) return { kind: 'heading', size: line.size, text }
    const standsAlone = (next === null || next.y - line.y > leading * 1.15 * line.size || next.y < line.y) && (before === null || line.y - before.y > leading * 1.15 * line.size || line.y < before.y)
    if (standsAlone && (numberedHeading.test(text) || isCapitalLine(text))) return { kind: 'heading', size: bodySize, text }
  }
  const mark = bullet.exec(text)
  if (mark && text.length > mark[0].length) return { kind: 'item', text: text.slice(mark[0].length) }
  return { kind: numbered.test(text) ? 'item' : 'paragraph', text }
}

function continuesBlock(open: Block, block: Block, before: PageLine, line: PageLine, { leading }: Typography, usualWidth: number): boolean {
  const distance = (line.y - before.y) / Math.max(line.size, before.size)
  if (open.kind === 'heading') {
    return block.kind === 'heading' && Math.abs(block.size - open.size) < 0.6 && line.size === before.size && distance > 0 && distance < leading * 1.5 && open.text.length + block.text.length <= longestHeading && !numberedHeading.test(block.text)
  }
  if (open.kind === 'table' || block.kind !== 'paragraph') return false
  if (Math.abs(line.size - before.size) > 0.15 * before.size) return false
  const ended = sentenceEnd.test(open.text)
  // Upwards means that the next column begins.
  if (distance <= 0) return !ended
  if (distance > leading * paragraphGap) return false
  const isShort = before.end - before.x < usualWidth * 0.7
  if (ended && (isShort || (open.kind === 'paragraph' && line.x - before.x > line.size))) return false
  // What follows a list goes back to the margin.
  return !(open.kind === 'item' && line.x < before.x - line.size && ended)
}

function proseRows(lines: readonly PageLine[], at: number): PageLine[] {
  const rows: PageLine[] = []
  for (const line of lines.slice(at)) {
    if (line.cells.length !== 2) break
    rows.push(line)
  }
  return isProse(rows) ? rows : []
}

function columnLine(line: PageLine, column: number): PageLine[] {
  const cell = line.cells[column]
  return cell ? [{ ...line, cells: [cell], x: cell.x, end: cell.end }] : []
}

/** The blocks of all pages as one Markdown text, with the offset at which each page begins. */
import { markdownTable } from '../markdown-table.js'
import { joinLines, type WordForms } from './join-lines.js'
import type { Block } from './page-blocks.js'

/** Headings of more sizes than this share the lowest level. */
const headingLevels = 3

export function writePages(pages: readonly Block[][], forms: WordForms): { content: string; pageStarts: number[] } {
  const levels = headingSizes(pages)
  const parts: string[] = []
  const pageStarts: number[] = []
  let length = 0
  let last: Block | null = null
  const write = (text: string): void => {
    parts.push(text)
    length += text.length
  }
  for (const page of pages) {
    if (page.length === 0) pageStarts.push(length)
    for (const [at, block] of page.entries()) {
      if (at === 0 && last && goesOn(last, block)) {
        // The end of a page cuts sentences, and words, in two.
        const end = parts.pop() ?? ''
        length -= end.length
        const joined = joinLines(end, block.text, forms)
        const start = length + joined.length - block.text.length
        write(joined)
        pageStarts.push(start)
      } else {
        const text = writeBlock(block, levels)
        if (last) write(last.kind === 'item' && block.kind === 'item' ? '\n' : '\n\n')
        if (at === 0) pageStarts.push(length)
        write(text)
      }
      last = block
    }
  }
  return { content: parts.join(''), pageStarts }
}

function goesOn(last: Block, block: Block): block is Extract<Block, { text: string }> {
  return (last.kind === 'paragraph' || last.kind === 'item') && block.kind === 'paragraph' && !/[.!?:;…]$/.test(last.text) && /^\p{Ll}/u.test(block.text)
}

/** Sizes of headings from the largest; those that hardly differ are one. */
function headingSizes(pages: readonly Block[][]): number[] {
  const sizes = pages.flat().flatMap((block) => (block.kind === 'heading' ? [block.size] : []))
  const levels: number[] = []
  for (const size of [...new Set(sizes)].sort((one, other) => other - one)) {
    if (levels.every((level) => Math.abs(level - size) > 0.75)) levels.push(size)
  }
  return levels
}

function writeBlock(block: Block, levels: readonly number[]): string {
  if (block.kind === 'table') return markdownTable(block.rows)
  if (block.kind === 'heading') {
    const rank = levels.findIndex((size) => Math.abs(size - block.size) <= 0.75)
    return `${'#'.repeat(2 + Math.min(headingLevels - 1, Math.max(0, rank)))} ${block.text}`
  }
  if (block.kind === 'item' && !/^\(?(?:\d{1,2}|[a-z])[.)]\s/.test(block.text)) return `- ${block.text}`
  // A number sign at the start of a line would make a heading of it.
  return block.text.replace(/^#/, '\\#')
}

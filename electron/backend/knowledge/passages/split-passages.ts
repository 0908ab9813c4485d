/**
 * Splits a Markdown text into passages: never across a heading, at sentence boundaries, 40 to 120 words where the section has as many.
 * Offsets are exact: content.slice(start, end) is the passage.
 */
import type { Language } from '../../../../shared/contract/common.js'
import { countWords, sentenceSpans, type Span } from './sentence-spans.js'

export interface PassageSpan extends Span {
  /** Headings above the passage, without the title, joined by ' > '. */
  heading: string
}

/** Most words of a passage; one with more is cut into parts of about equal length. */
const maximumWords = 120
const aimedWords = 90

interface Section {
  heading: string
  blocks: Span[]
}

/** The passages of a text in order; the level-1 title belongs to none. */
export function splitPassages(content: string, language: Language): PassageSpan[] {
  return readSections(content).flatMap(({ heading, blocks }) => {
    const sentences = blocks.flatMap((block) => sentenceSpans(content, block.start, block.end, language)).flatMap((span) => cutLongSpan(content, span))
    return groupSentences(content, sentences).map((span) => ({ ...span, heading }))
  })
}

function readSections(content: string): Section[] {
  const sections: Section[] = [{ heading: '', blocks: [] }]
  const path: string[] = []
  let block: Span | null = null
  let offset = 0
  for (const line of content.split('\n')) {
    const start = offset
    offset += line.length + 1
    const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line)
    if (heading) {
      block = null
      const level = heading[1]?.length ?? 1
      path.length = Math.max(0, Math.min(path.length, level - 2))
      if (level > 1) path.push(heading[2] ?? '')
      sections.push({ heading: path.join(' > '), blocks: [] })
      continue
    }
    const text = line.trim()
    if (text === '') {
      block = null
      continue
    }
    const textStart = start + line.indexOf(text)
    const end = textStart + text.length
    // A row of a table stands for itself, so that no passage begins in the middle of one.
    const startsBlock = block === null || /^(?:[-*+]|\d+[.)])\s|^\|/.test(text)
    if (startsBlock) {
      block = { start: textStart, end }
      sections.at(-1)?.blocks.push(block)
    } else if (block) block.end = end
  }
  return sections.filter((section) => section.blocks.length > 0)
}

/** Cuts a span with more words than a passage may have (a table, a list without full stops) at white space. */
function cutLongSpan(content: string, span: Span): Span[] {
  const words = [...content.slice(span.start, span.end).matchAll(/\S+/g)]
  if (words.length <= maximumWords) return [span]
  const parts = Math.ceil(words.length / aimedWords)
  const length = Math.ceil(words.length / parts)
  const spans: Span[] = []
  for (let at = 0; at < words.length; at += length) {
    const first = words[at]
    const last = words[Math.min(at + length, words.length) - 1]
    if (first && last) spans.push({ start: span.start + first.index, end: span.start + last.index + last[0].length })
  }
  return spans
}

function groupSentences(content: string, sentences: readonly Span[]): Span[] {
  const words = sentences.map((span) => countWords(content.slice(span.start, span.end)))
  const total = words.reduce((sum, count) => sum + count, 0)
  const aimed = total <= maximumWords ? total : total / Math.ceil(total / aimedWords)
  const groups: Span[] = []
  let group: Span | null = null
  let groupWords = 0
  let counted = 0
  for (const [index, sentence] of sentences.entries()) {
    const count = words[index] ?? 0
    // The cut falls at the sentence boundary that lies nearest to the next multiple of the aimed length.
    const full = group !== null && (counted + count / 2 > aimed * groups.length || groupWords + count > maximumWords)
    if (group === null || full) {
      group = { ...sentence }
      groups.push(group)
      groupWords = 0
    } else group.end = sentence.end
    groupWords += count
    counted += count
  }
  return groups
}

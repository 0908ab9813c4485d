/** The part of a long document that stands around a passage: the window draws no more of it at once. */
import { pageAt } from './page-at.js'

export interface DocumentExcerpt {
  text: string
  /** Offset of `text` in the whole. */
  text_start: number
  text_length: number
  /** Pages that begin in `text`, by their offset in the whole; first the one that it begins on. */
  pages: { page: number; start: number }[]
  page_count: number | null
}

/** About as many characters are shown before the offset, and as many after it. */
const around = 12_000

/** The whole text when it is short or `at` is not given; otherwise the blocks around `at`, an offset in the whole. */
export function documentExcerpt(content: string, pageStarts: readonly number[] | null, at: number | undefined): DocumentExcerpt {
  const whole = at === undefined || content.length <= 2 * around
  const middle = Math.min(at ?? 0, content.length)
  const start = whole ? 0 : blockStart(content, middle - around)
  const end = whole ? content.length : blockEnd(content, middle + around)
  const first = pageStarts ? pageAt(pageStarts, start) : 0
  const pages = (pageStarts ?? []).flatMap((begin, index) => {
    const page = index + 1
    return page === first || (page > first && begin < end) ? [{ page, start: Math.max(begin, start) }] : []
  })
  return { text: content.slice(start, end), text_start: start, text_length: content.length, pages, page_count: pageStarts?.length ?? null }
}

/** The beginning of the block at an offset; blank lines part blocks, and a cut inside one would break its Markdown. */
function blockStart(content: string, offset: number): number {
  if (offset <= 0) return 0
  const blank = content.lastIndexOf('\n\n', offset)
  return blank < 0 || offset - blank > around ? offset : blank + 2
}

function blockEnd(content: string, offset: number): number {
  if (offset >= content.length) return content.length
  const blank = content.indexOf('\n\n', offset)
  return blank < 0 || blank - offset > around ? offset : blank
}

/** Brings the headings of a Markdown text into the form that the knowledge base reads: written with #, the levels below the title's from 2 on. */

interface Heading {
  line: number
  level: number
  text: string
}

/** The text with its headings in order, and the title when it begins with one of the first level. */
export function normaliseHeadings(markdown: string): { content: string; title: string | null } {
  const lines = withoutUnderlined(markdown.split('\n'))
  const headings = readHeadings(lines)
  const first = headings.filter(({ level }) => level === 1)
  const [only] = first
  const isTitle = only !== undefined && first.length === 1 && lines.slice(0, only.line).every((line) => line.trim() === '')
  const least = Math.min(...headings.filter(({ level }) => !isTitle || level > 1).map(({ level }) => level))
  for (const { line, level, text } of headings) {
    if (isTitle && level === 1) continue
    lines[line] = `${'#'.repeat(Math.min(6, level - least + 2))} ${text}`
  }
  if (isTitle) lines.splice(only.line, 1)
  return { content: lines.join('\n').replace(/\n{3,}/g, '\n\n').trim(), title: isTitle ? plain(only.text) : (first[0] && plain(first[0].text)) ?? null }
}

function readHeadings(lines: readonly string[]): Heading[] {
  const headings: Heading[] = []
  let fence: string | null = null
  for (const [line, text] of lines.entries()) {
    const mark = /^\s{0,3}(```+|~~~+)/.exec(text)?.[1]?.slice(0, 3)
    if (mark !== undefined && (fence === null || fence === mark)) fence = fence === null ? mark : null
    const heading = fence === null ? /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(text) : null
    if (heading) headings.push({ line, level: heading[1]?.length ?? 1, text: heading[2] ?? '' })
  }
  return headings
}

/** Headings that are underlined with = or - become such with #. */
function withoutUnderlined(lines: readonly string[]): string[] {
  const result: string[] = []
  for (const line of lines) {
    const before = result.at(-1) ?? ''
    const level = /^={3,}\s*$/.test(line) ? 1 : /^-{3,}\s*$/.test(line) ? 2 : 0
    if (level === 0) result.push(line)
    else if (before.trim() !== '' && !/^\s*(?:[-*+>|#]|\d+[.)])/.test(before) && (result.at(-2) ?? '').trim() === '') result[result.length - 1] = `${'#'.repeat(level)} ${before.trim()}`
    // A rule alone says nothing and would turn the line above it into a heading.
    else result.push('')
  }
  return result
}

function plain(heading: string): string {
  return heading.replace(/[*_`]+/g, '').trim()
}

/** Takes away what stands at the top or the bottom of page after page: running heads, feet, page numbers. */
import { lineText, type PageLine } from './page-lines.js'

export interface LinedPage {
  height: number
  lines: PageLine[]
}

/** Lines from the edge that can be a head or a foot, and the part of the height in which they lie. */
const edgeLines = 3
const edgeZone = 0.13
/** A line is repeated when it stands on this share of the pages; heads of left and right pages differ. */
const repeatedShare = 0.3
const leastPages = 3
/** Part of the height at each end in which a number alone is the page's. */
const numberZone = 0.1
const pageNumber = /^(?:page\s*|p\.?\s*)?[-–—\s]*(?:\d{1,4}|[ivxlc]{1,7})[-–—\s]*(?:(?:of|sur|de|\/)\s*\d{1,4})?$/i

/** The pages without them. */
export function dropRepeated<Page extends LinedPage>(pages: readonly Page[]): Page[] {
  const counts = new Map<string, number>()
  for (const page of pages) {
    for (const key of new Set(edges(page).flatMap(lineKeys))) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const least = Math.max(leastPages, pages.length * repeatedShare)
  return pages.map((page) => {
    const edge = new Set(edges(page))
    const isRepeated = (line: PageLine): boolean => edge.has(line) && lineKeys(line).some((key) => (counts.get(key) ?? 0) >= least)
    const isNumber = (line: PageLine): boolean => edge.has(line) && pages.length > 1 && pageNumber.test(lineText(line)) && inNumberZone(line, page.height)
    return { ...page, lines: page.lines.filter((line) => !isRepeated(line) && !isNumber(line)) }
  })
}

function edges({ lines, height }: LinedPage): PageLine[] {
  const byHeight = [...lines].sort((one, other) => one.y - other.y)
  return [...byHeight.slice(0, edgeLines).filter((line) => line.y < height * edgeZone), ...byHeight.slice(-edgeLines).filter((line) => line.y > height * (1 - edgeZone))]
}

/**
 * What has to come again on other pages: the words without their numbers, at about the same height, for a page's own number changes and its
 * place does not; or, for heads that name the chapter, a number at either end of a line at that height.
 */
function lineKeys(line: PageLine): string[] {
  const height = Math.round(line.y / 12)
  const numbered = line.cells.length > 1 && [line.cells[0], line.cells.at(-1)].some((cell) => cell !== undefined && /^\d{1,4}$/.test(cell.text))
  return [`${height} ${lineText(line).replace(/\d+/g, '#').toLowerCase()}`, ...(numbered ? [`${height} beside a number`] : [])]
}

function inNumberZone(line: PageLine, height: number): boolean {
  return line.y < height * numberZone || line.y > height * (1 - numberZone)
}

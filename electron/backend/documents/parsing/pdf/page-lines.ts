/** The lines of a page, from the pieces of text that its content stream shows. All measures are in points; y grows downwards. */

/** One piece of text as pdf.js gives it: the transform is that of its baseline's beginning. */
export interface TextPiece {
  str: string
  width: number
  transform: readonly number[]
}

/** Text of a line that is parted from its neighbours by more than a space. */
export interface Cell {
  text: string
  x: number
  end: number
}

export interface PageLine {
  cells: Cell[]
  x: number
  end: number
  /** Of the baseline. */
  y: number
  /** Height of the type. */
  size: number
}

interface Fragment {
  text: string
  x: number
  end: number
  y: number
  size: number
}

/** Gaps between two pieces, in heights of the type: from the first on a space, from the second on another cell. */
const spaceGap = 0.13
const cellGap = 1.6
/** Two pieces stand on one line while their baselines differ by no more than this, in heights; raised and lowered signs differ more. */
const baselineGap = 0.35
const raisedGap = 0.75
/** A content stream that goes up again more often than this share of its lines is in no reading order. */
const disorder = 0.25

/** The text of a line; cells are parted by tabs. */
export function lineText(line: PageLine): string {
  return line.cells.map((cell) => cell.text).join('\t')
}

/** Lines in reading order: that of the content stream, which follows columns, or from top to bottom where it follows nothing. `viewport` maps to the page as it is seen. */
export function readLines(pieces: readonly TextPiece[], viewport: readonly number[]): PageLine[] {
  const fragments = pieces.flatMap((piece) => fragment(piece, viewport))
  const lines = groupLines(fragments)
  const heights = lines.map((line) => ({ y: line[0]?.y ?? 0, size: line[0]?.size ?? 0 }))
  const climbs = heights.filter(({ y, size }, at) => y < (heights[at - 1]?.y ?? 0) - size).length
  const ordered = lines.length > 8 && climbs > lines.length * disorder ? groupLines([...fragments].sort((one, other) => one.y - other.y || one.x - other.x)) : lines
  return ordered.map(toLine).filter((line) => line.cells.length > 0)
}

function fragment({ str, width, transform }: TextPiece, viewport: readonly number[]): Fragment[] {
  if (str.trim() === '') return []
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = transform
  const [va = 1, vb = 0, vc = 0, vd = -1, ve = 0, vf = 0] = viewport
  const across = { x: va * a + vc * b, y: vb * a + vd * b }
  const upwards = { x: va * c + vc * d, y: vb * c + vd * d }
  // Turned text is a watermark or the label of an axis.
  if (across.x <= 0 || Math.abs(across.y) > Math.abs(across.x) * 0.1) return []
  const x = va * e + vc * f + ve
  const size = Math.hypot(upwards.x, upwards.y)
  return size > 0 ? [{ text: str, x, end: x + width, y: vb * e + vd * f + vf, size }] : []
}

function groupLines(fragments: readonly Fragment[]): Fragment[][] {
  const lines: Fragment[][] = []
  let line: Fragment[] = []
  for (const piece of fragments) {
    const first = line[0]
    const last = line.at(-1)
    if (first && last && continues(line, last, piece)) line.push(piece)
    else {
      line = [piece]
      lines.push(line)
    }
  }
  return lines
}

function continues(line: readonly Fragment[], last: Fragment, piece: Fragment): boolean {
  if (piece.x < last.x - last.size * 0.2) return false
  const largest = line.reduce((most, one) => (one.size > most.size ? one : most))
  const distance = Math.abs(piece.y - largest.y)
  const size = Math.max(largest.size, piece.size)
  const isRaised = Math.min(largest.size, piece.size) < size * 0.8 && piece.x - last.end < size
  return distance <= size * (isRaised ? raisedGap : baselineGap)
}

function toLine(fragments: readonly Fragment[]): PageLine {
  const largest = fragments.reduce((most, one) => (one.text.trim().length * one.size > most.text.trim().length * most.size ? one : most))
  const size = largest.size
  const cells: Cell[] = []
  for (const piece of fragments) {
    const cell = cells.at(-1)
    const gap = cell ? piece.x - cell.end : Infinity
    if (!cell || gap > cellGap * size) cells.push({ text: piece.text, x: piece.x, end: piece.end })
    else {
      cell.text += gap > spaceGap * size && !/\s$/.test(cell.text) && !/^\s/.test(piece.text) ? ` ${piece.text}` : piece.text
      cell.end = Math.max(cell.end, piece.end)
    }
  }
  const cleaned = cells.map((cell) => ({ ...cell, text: cell.text.replace(/\s+/g, ' ').trim() })).filter((cell) => cell.text !== '')
  return { cells: cleaned, x: cleaned[0]?.x ?? 0, end: cleaned.at(-1)?.end ?? 0, y: largest.y, size }
}

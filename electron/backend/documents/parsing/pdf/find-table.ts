/** Finds tables: rows of cells that stand under one another, to the left or to the right. */
import type { Cell, PageLine } from './page-lines.js'

export interface FoundTable {
  rows: string[][]
  /** Lines that it takes up. */
  length: number
}

/** Rows lie no further apart than this, in heights of the type. */
const rowGap = 3.2
/** Cells are under one another within this, in heights of the type. */
const tolerance = 1.3
/** Share of the cells that must stand under one of the columns. */
const alignedShare = 0.8
/** Cells with more characters on average are the lines of two columns of text. */
const proseLength = 42

/** The table that begins at this line, or null. A line of one cell belongs to it when it goes on in a column below a row. */
export function findTable(lines: readonly PageLine[], at: number): FoundTable | null {
  const block = rowsFrom(lines, at)
  const rows = block.filter((line) => line.cells.length > 1)
  if (rows.length < 2) return null
  const widest = rows.reduce((most, line) => (line.cells.length > most.cells.length ? line : most))
  const columns = widest.cells
  const size = widest.size
  const cells = rows.flatMap((line) => line.cells)
  if (isProse(rows)) return null
  const aligned = cells.filter((cell) => columnOf(cell, columns, size) !== null)
  if (aligned.length < cells.length * alignedShare) return null
  return { rows: fillRows(block, columns, size), length: block.length }
}

/** Whether rows of two cells are two columns of running text that the file shows line by line across. */
export function isProse(rows: readonly PageLine[]): boolean {
  if (rows.length < 4 || rows.some((line) => line.cells.length > 2)) return false
  const cells = rows.flatMap((line) => line.cells)
  return cells.reduce((sum, cell) => sum + cell.text.length, 0) / cells.length > proseLength
}

function rowsFrom(lines: readonly PageLine[], at: number): PageLine[] {
  const block: PageLine[] = []
  for (const line of lines.slice(at)) {
    const before = block.at(-1)
    const distance = before ? line.y - before.y : 0
    const follows = !before || (distance > 0 && distance <= rowGap * Math.max(line.size, before.size))
    const columns = block.find((row) => row.cells.length > 1)?.cells ?? []
    const goesOn = line.cells.length === 1 && before !== undefined && distance <= 1.5 * line.size && columns.slice(1).some((column) => Math.abs(column.x - line.x) <= tolerance * line.size * 0.5)
    if (!follows || (line.cells.length < 2 && !goesOn)) break
    block.push(line)
  }
  return block
}

function columnOf(cell: Cell, columns: readonly Cell[], size: number): number | null {
  const near = columns.findIndex((column) => Math.abs(column.x - cell.x) <= tolerance * size || Math.abs(column.end - cell.end) <= tolerance * size)
  if (near >= 0) return near
  // Centred text overlaps its column.
  const over = columns.findIndex((column) => cell.x < column.end && cell.end > column.x)
  return over >= 0 ? over : null
}

function fillRows(block: readonly PageLine[], columns: readonly Cell[], size: number): string[][] {
  const rows: string[][] = []
  for (const line of block) {
    const before = rows.at(-1)
    const row = line.cells.length === 1 && before ? before : columns.map(() => '')
    if (row !== before) rows.push(row)
    for (const cell of line.cells) {
      const column = columnOf(cell, columns, size) ?? columns.length - 1
      row[column] = [row[column] ?? '', cell.text].filter((text) => text !== '').join(' ')
    }
  }
  return rows
}

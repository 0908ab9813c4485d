import { z } from 'zod'

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export const smallestWindow = { width: 360, height: 560 } as const
const firstWindow = { width: 1200, height: 820 } as const

const storedBounds = z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int(), maximized: z.boolean() })
export type StoredBounds = z.infer<typeof storedBounds>

/** Reads what was kept; anything else than what this app writes counts as nothing. */
export function readBounds(text: string | null): StoredBounds | null {
  if (text === null) return null
  try {
    const parsed = storedBounds.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    // Cut by a power failure: the window opens at its first size.
    return null
  }
}

/** The window's place: the kept one moved and shrunk into a display that is there now, or the middle of the first display. */
export function placeWindow(stored: StoredBounds | null, workAreas: readonly Rectangle[]): Rectangle {
  const first = workAreas[0] ?? { x: 0, y: 0, ...firstWindow }
  const area = (stored && workAreas.find((candidate) => overlaps(candidate, stored))) ?? first
  const width = Math.min(Math.max(stored?.width ?? firstWindow.width, smallestWindow.width), area.width)
  const height = Math.min(Math.max(stored?.height ?? firstWindow.height, smallestWindow.height), area.height)
  const within = (wanted: number, start: number, room: number): number => Math.round(Math.min(Math.max(wanted, start), start + room))
  const visible = stored !== null && overlaps(area, stored)
  return {
    width,
    height,
    x: within(visible ? stored.x : area.x + (area.width - width) / 2, area.x, area.width - width),
    y: within(visible ? stored.y : area.y + (area.height - height) / 2, area.y, area.height - height),
  }
}

function overlaps(area: Rectangle, bounds: Rectangle): boolean {
  return bounds.x < area.x + area.width && bounds.x + bounds.width > area.x && bounds.y < area.y + area.height && bounds.y + bounds.height > area.y
}

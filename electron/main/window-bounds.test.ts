import { describe, expect, it } from 'vitest'
import { placeWindow, readBounds } from './window-bounds.js'

const display = { x: 0, y: 0, width: 1920, height: 1040 }

describe('placeWindow', () => {
  it('starts in the middle of the first display', () => {
    expect(placeWindow(null, [display])).toEqual({ x: 360, y: 110, width: 1200, height: 820 })
  })

  it('fits a small screen', () => {
    expect(placeWindow(null, [{ x: 0, y: 0, width: 1024, height: 600 }])).toEqual({ x: 0, y: 0, width: 1024, height: 600 })
  })

  it('returns to the display where it was', () => {
    const second = { x: 1920, y: 0, width: 1280, height: 1000 }
    expect(placeWindow({ x: 2000, y: 50, width: 800, height: 600, maximized: false }, [display, second])).toEqual({ x: 2000, y: 50, width: 800, height: 600 })
  })

  it('comes back from a display that is gone, and from the edge', () => {
    expect(placeWindow({ x: 2000, y: 50, width: 800, height: 600, maximized: false }, [display])).toEqual({ x: 560, y: 220, width: 800, height: 600 })
    expect(placeWindow({ x: 1900, y: 1000, width: 800, height: 600, maximized: false }, [display])).toEqual({ x: 1120, y: 440, width: 800, height: 600 })
  })

  it('is never smaller than its content', () => {
    expect(placeWindow({ x: 0, y: 0, width: 10, height: 10, maximized: false }, [display])).toMatchObject({ width: 360, height: 560 })
  })
})

describe('readBounds', () => {
  it('reads what was written and nothing else', () => {
    const bounds = { x: 1, y: 2, width: 800, height: 600, maximized: true }
    expect(readBounds(JSON.stringify(bounds))).toEqual(bounds)
    for (const text of [null, '', '{"x":1', '[]', '{"x":"1","y":2,"width":3,"height":4,"maximized":false}']) expect(readBounds(text)).toBeNull()
  })
})

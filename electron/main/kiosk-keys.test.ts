import { describe, expect, it } from 'vitest'
import { isBlockedOnKiosk, type PressedKey } from './kiosk-keys.js'

const press = (key: string, modifiers: Partial<PressedKey> = {}): boolean => isBlockedOnKiosk({ key, control: false, alt: false, meta: false, shift: false, ...modifiers })

describe('isBlockedOnKiosk', () => {
  it('blocks what leads out of the page', () => {
    for (const key of ['F5', 'F11', 'F12', 'ContextMenu']) expect(press(key)).toBe(true)
    for (const key of ['r', 'w', 'p', 'n', 't', 'o', 's', 'u', '+', '-', '0', 'Tab']) expect(press(key, { control: true })).toBe(true)
    expect(press('I', { control: true, shift: true })).toBe(true)
    expect(press('C', { control: true, shift: true })).toBe(true)
    expect(press('q', { meta: true })).toBe(true)
    expect(press('F4', { alt: true })).toBe(true)
    expect(press('ArrowLeft', { alt: true })).toBe(true)
  })

  it('leaves typing and editing alone, accents included', () => {
    for (const key of ['a', 'é', 'Enter', 'Tab', 'Escape', 'Backspace', 'ArrowLeft']) expect(press(key)).toBe(false)
    for (const key of ['a', 'c', 'v', 'x', 'z', 'C']) expect(press(key, { control: true })).toBe(false)
    expect(press('@', { control: true, alt: true })).toBe(false)
    expect(press('É', { shift: true })).toBe(false)
  })
})

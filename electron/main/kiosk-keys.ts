/** The keys of a kiosk's keyboard that would lead out of the page; what the system itself takes (Ctrl+Alt+Del) is the system's to lock. */
export interface PressedKey {
  key: string
  control: boolean
  alt: boolean
  meta: boolean
  shift: boolean
}

const alone = new Set(['F1', 'F3', 'F5', 'F6', 'F7', 'F10', 'F11', 'F12', 'ContextMenu', 'BrowserBack', 'BrowserForward', 'BrowserHome', 'BrowserRefresh'])
/** Editing goes on working: undo, redo, cut, copy, paste, all. */
const withControl = new Set(['a', 'c', 'v', 'x', 'z', 'y', 'Home', 'End', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Backspace', 'Delete', 'Enter', 'Control', 'Shift', 'Meta', 'Alt'])

/** Whether a kiosk ignores this key. AltGr, which types é, è and @ on French keyboards, comes as Ctrl+Alt and is let through. */
export function isBlockedOnKiosk({ key, control, alt, meta, shift }: PressedKey): boolean {
  if (alone.has(key)) return true
  if (control && alt) return false
  if (control || meta) return !withControl.has(key.length === 1 ? key.toLowerCase() : key) || (shift && key.length === 1 && key.toLowerCase() === 'c')
  return alt && (key === 'F4' || key === 'Tab' || key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Home' || key === ' ')
}

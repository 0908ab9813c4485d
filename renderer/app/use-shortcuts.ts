import { useEffect } from 'react'

export interface ShortcutActions {
  onNew: () => void
  onSearch: () => void
  onSettings: () => void
}

/** Ctrl or ⌘ with N (a new conversation; also with Shift, where a browser keeps N), K (search), comma (settings). */
export function useShortcuts({ onNew, onSearch, onSettings }: ShortcutActions): void {
  useEffect(() => {
    const actions: Record<string, () => void> = { n: onNew, k: onSearch, ',': onSettings }
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const action = actions[event.key.toLowerCase()]
      if (!action) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [onNew, onSearch, onSettings])
}

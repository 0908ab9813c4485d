import { createStore, type StoreApi } from 'zustand/vanilla'

export interface Toast {
  id: number
  tone: 'neutral' | 'problem'
  text: string
  /** One thing that the person can do about it, as long as the toast is shown. */
  action?: { label: string; run: () => void }
  /** Time on the screen, in ms. */
  durationMs: number
}

export interface ToastStore extends StoreApi<{ toasts: readonly Toast[] }> {
  show(toast: Omit<Toast, 'id' | 'durationMs' | 'tone'> & Partial<Pick<Toast, 'durationMs' | 'tone'>>): number
  dismiss(id: number): void
  clear(): void
}

/** Time on the screen of a message that asks for nothing, in ms. */
const usualMs = 4_500

/** Short messages at the edge of the window; at most three at once, the oldest leaves first. */
export function createToastStore(): ToastStore {
  const store = createStore<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }))
  let nextId = 1
  return {
    ...store,
    show: (toast) => {
      const id = nextId++
      store.setState(({ toasts }) => ({ toasts: [...toasts, { tone: 'neutral' as const, durationMs: usualMs, ...toast, id }].slice(-3) }))
      return id
    },
    dismiss: (id) => store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
    clear: () => store.setState({ toasts: [] }),
  }
}

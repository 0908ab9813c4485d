import clsx from 'clsx'
import { X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { IconButton } from './icon-button.js'
import type { ToastStore } from './toast-store.js'

/** The messages near the top of the window, clear of what is being written; F8 reaches them by keyboard. */
export function Toasts({ store }: { store: ToastStore }) {
  const { t } = useTranslation()
  const toasts = useStore(store, (state) => state.toasts)
  return (
    <Toast.Provider label={t('toast.region')} swipeDirection="up">
      {toasts.map((toast) => (
        <Toast.Root
          key={toast.id}
          duration={toast.durationMs}
          type={toast.tone === 'problem' ? 'foreground' : 'background'}
          onOpenChange={(open) => !open && store.dismiss(toast.id)}
          className={clsx(
            'animate-appear flex items-center gap-2 rounded-2xl border bg-raised py-1.5 pr-1.5 pl-4 text-ink shadow-lift',
            toast.tone === 'problem' ? 'border-danger' : 'border-line-strong',
          )}
        >
          <Toast.Description className="flex-1 py-2">{toast.text}</Toast.Description>
          {toast.action && (
            <Toast.Action
              altText={toast.action.label}
              data-testid="undo"
              onClick={toast.action.run}
              className="touch rounded-xl px-3 font-semibold text-primary hover:bg-primary-soft"
            >
              {toast.action.label}
            </Toast.Action>
          )}
          <Toast.Close asChild>
            <IconButton label={t('common.close')} icon={<X aria-hidden className="size-5" />} />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport
        label={t('toast.viewport', { hotkey: 'F8' })}
        className="pointer-events-none fixed top-16 left-1/2 z-60 flex w-[min(30rem,calc(100vw-1.5rem))] -translate-x-1/2 flex-col gap-2 outline-none *:pointer-events-auto"
      />
    </Toast.Provider>
  )
}

import clsx from 'clsx'
import { X } from 'lucide-react'
import { Dialog as RadixDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './icon-button.js'

export interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  description?: string | undefined
  children: ReactNode
  /** Buttons, at the bottom. */
  actions?: ReactNode
  /** `side` comes in from the left edge, full height: the list of conversations on a small screen. */
  shape?: 'card' | 'side' | 'sheet'
  testId?: string
}

const shapes = {
  card: 'top-1/2 left-1/2 max-h-[90dvh] w-[min(32rem,calc(100vw-2rem))] -translate-1/2 rounded-2xl p-6',
  side: 'inset-y-0 left-0 w-[min(21rem,88vw)]',
  sheet: 'inset-0',
}

/** A dialog that holds the focus and gives it back. It draws its own scrim, because Radix's adds a style element for scroll locking. */
export function Dialog({ open, onClose, title, description, children, actions, shape = 'card', testId }: DialogProps) {
  const { t } = useTranslation()
  return (
    <RadixDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <RadixDialog.Portal>
        <div className="animate-appear fixed inset-0 z-40 bg-scrim" aria-hidden />
        <RadixDialog.Content
          data-testid={testId}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={clsx('fixed z-50 flex flex-col overflow-y-auto bg-surface text-ink shadow-lift outline-none', shape === 'card' && 'gap-4', shapes[shape])}
        >
          {shape === 'card' ? (
            <div className="flex items-start justify-between gap-4">
              <RadixDialog.Title className="pt-1.5 font-serif text-2xl leading-tight font-semibold">{title}</RadixDialog.Title>
              <IconButton label={t('common.close')} icon={<X aria-hidden className="size-5" />} onClick={onClose} className="-mt-1 -mr-2" />
            </div>
          ) : (
            <RadixDialog.Title className="sr-only">{title}</RadixDialog.Title>
          )}
          {description !== undefined && <RadixDialog.Description className="text-soft">{description}</RadixDialog.Description>}
          {children}
          {actions && <div className="mt-2 flex flex-wrap justify-end gap-3">{actions}</div>}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

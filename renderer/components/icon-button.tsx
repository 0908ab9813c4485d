import clsx from 'clsx'
import type { ComponentPropsWithRef, ReactNode } from 'react'

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children' | 'aria-label'> {
  /** What it does, for a screen reader and as a tooltip. */
  label: string
  icon: ReactNode
  /** Colours of its own instead of the quiet ones. */
  plain?: boolean
}

/** A button with an icon alone, 44 px square. */
export function IconButton({ label, icon, plain = false, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={clsx(
        'touch inline-flex shrink-0 items-center justify-center rounded-xl transition-colors disabled:opacity-50',
        !plain && 'text-soft hover:bg-primary-soft hover:text-ink aria-pressed:text-primary data-[state=open]:bg-primary-soft',
        className,
      )}
      {...rest}
    >
      {icon}
    </button>
  )
}

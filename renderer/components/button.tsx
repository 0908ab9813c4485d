import clsx from 'clsx'
import { LoaderCircle } from 'lucide-react'
import type { ComponentPropsWithRef, ReactNode } from 'react'

type Tone = 'primary' | 'secondary' | 'quiet' | 'danger'

const tones: Record<Tone, string> = {
  primary: 'bg-primary text-on-primary hover:bg-primary-strong',
  secondary: 'border border-line-strong bg-surface text-ink hover:bg-primary-soft',
  quiet: 'text-primary hover:bg-primary-soft',
  danger: 'bg-danger-ground text-on-danger hover:brightness-90',
}

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  tone?: Tone
  /** Shows that the action is under way; the button cannot be pressed meanwhile. */
  busy?: boolean
  icon?: ReactNode
  large?: boolean
}

/** A labelled button, at least 44 px high. */
export function Button({ tone = 'secondary', busy = false, icon, large = false, className, children, disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={clsx(
        'touch inline-flex items-center justify-center gap-2 rounded-xl font-medium transition-colors disabled:opacity-60',
        large ? 'min-h-14 px-6 text-lg' : 'px-4 text-base',
        tones[tone],
        className,
      )}
      {...rest}
    >
      {busy ? <LoaderCircle aria-hidden className="size-5 shrink-0 animate-spin" /> : icon}
      {children}
    </button>
  )
}

import clsx from 'clsx'
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const tones = {
  information: { className: 'border-line bg-primary-soft text-ink', Icon: Info },
  caution: { className: 'border-caution-line bg-caution-soft text-caution', Icon: TriangleAlert },
  problem: { className: 'border-danger bg-danger-soft text-danger', Icon: CircleAlert },
}

export interface NoticeProps {
  tone: keyof typeof tones
  children: ReactNode
  /** Whether a screen reader says it at once. */
  alert?: boolean
  testId?: string
}

/** A sentence in a box: something to know before going on. */
export function Notice({ tone, children, alert = false, testId }: NoticeProps) {
  const { className, Icon } = tones[tone]
  return (
    <div role={alert ? 'alert' : undefined} data-testid={testId} className={clsx('flex items-start gap-2.5 rounded-xl border px-4 py-3', className)}>
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  )
}

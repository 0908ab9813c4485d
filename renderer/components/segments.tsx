import clsx from 'clsx'

export interface SegmentsProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string; lang?: string; testId?: string }[]
  onValue: (value: Value) => void
}

/** A choice between two to four things that are all in sight. */
export function Segments<Value extends string>({ label, value, options, onValue }: SegmentsProps<Value>) {
  return (
    <div role="group" aria-label={label} className="inline-flex flex-wrap gap-1 rounded-2xl border border-line bg-sunken p-1">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          lang={option.lang}
          data-testid={option.testId}
          aria-pressed={option.value === value}
          onClick={() => onValue(option.value)}
          className={clsx(
            'touch rounded-xl px-4 font-medium transition-colors',
            option.value === value ? 'bg-primary text-on-primary' : 'text-soft hover:bg-primary-soft hover:text-ink',
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}

import { ChevronDown } from 'lucide-react'
import { controlClass, Field } from './field.js'

export interface SelectFieldProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onValue: (value: Value) => void
  hint?: string
  disabled?: boolean
  testId?: string
}

/** A choice from a short list; the system's own list, which every touch screen and screen reader knows. */
export function SelectField<Value extends string>({ label, value, options, onValue, hint, disabled, testId }: SelectFieldProps<Value>) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <div className="relative">
          <select
            {...control}
            data-testid={testId}
            value={value}
            disabled={disabled}
            onChange={(event) => {
              const chosen = options.find((option) => option.value === event.target.value)
              if (chosen) onValue(chosen.value)
            }}
            className={`${controlClass} appearance-none pr-11`}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown aria-hidden className="pointer-events-none absolute top-1/2 right-3.5 size-5 -translate-y-1/2 text-soft" />
        </div>
      )}
    </Field>
  )
}

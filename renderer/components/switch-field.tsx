import { Switch } from 'radix-ui'
import { useId } from 'react'

export interface SwitchFieldProps {
  label: string
  hint?: string
  checked: boolean
  onChecked: (checked: boolean) => void
  disabled?: boolean
  testId?: string
}

/** Something that is on or off, and changes at once. */
export function SwitchField({ label, hint, checked, onChecked, disabled = false, testId }: SwitchFieldProps) {
  const id = useId()
  return (
    <div className="flex items-center justify-between gap-4">
      <label htmlFor={id} className="flex flex-col py-2">
        <span className="font-medium">{label}</span>
        {hint && <span className="text-sm text-soft">{hint}</span>}
      </label>
      <Switch.Root
        id={id}
        data-testid={testId}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChecked}
        className="relative h-8 w-14 shrink-0 rounded-full border-2 border-line-strong bg-sunken transition-colors before:absolute before:-inset-2 data-[state=checked]:border-primary data-[state=checked]:bg-primary disabled:opacity-60"
      >
        <Switch.Thumb className="block size-6 translate-x-0.5 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-6.5 data-[state=checked]:bg-on-primary" />
      </Switch.Root>
    </div>
  )
}

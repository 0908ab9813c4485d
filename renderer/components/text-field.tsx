import type { ComponentPropsWithRef, ReactNode } from 'react'
import { controlClass, Field } from './field.js'

export interface TextFieldProps extends Omit<ComponentPropsWithRef<'input'>, 'onChange' | 'id'> {
  label: string
  hint?: ReactNode
  error?: string | undefined
  onValue: (value: string) => void
}

/** A line of text with its label. */
export function TextField({ label, hint, error, onValue, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input {...control} {...rest} className={controlClass} onChange={(event) => onValue(event.target.value)} />}
    </Field>
  )
}

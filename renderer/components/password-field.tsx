import { Eye, EyeOff } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { controlClass, Field } from './field.js'

export interface PasswordFieldProps {
  label: string
  value: string
  onValue: (value: string) => void
  autoComplete: 'current-password' | 'new-password' | 'off'
  name: string
  hint?: ReactNode
  error?: string | undefined
}

/** A password with a button that shows it: typing blind on a touch screen goes wrong. */
export function PasswordField({ label, value, onValue, hint, error, ...rest }: PasswordFieldProps) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <div className="relative">
          <input
            {...control}
            {...rest}
            type={shown ? 'text' : 'password'}
            value={value}
            onChange={(event) => onValue(event.target.value)}
            className={`${controlClass} pr-13`}
            spellCheck={false}
            autoCapitalize="off"
          />
          <button
            type="button"
            aria-pressed={shown}
            aria-label={t('form.show_password')}
            title={t('form.show_password')}
            onClick={() => setShown(!shown)}
            className="touch absolute inset-y-0 right-0 inline-flex items-center justify-center rounded-xl text-soft hover:text-ink"
          >
            <Icon aria-hidden className="size-5" />
          </button>
        </div>
      )}
    </Field>
  )
}

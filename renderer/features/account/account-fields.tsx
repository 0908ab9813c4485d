import { useTranslation } from 'react-i18next'
import type { ContractError } from '../../../shared/contract/errors.js'
import { PasswordField } from '../../components/password-field.js'
import { TextField } from '../../components/text-field.js'
import { useErrorText } from '../../components/use-error-text.js'

export interface AccountValues {
  fullName: string
  phoneNumber: string
  email: string
  password: string
}

export const emptyAccount: AccountValues = { fullName: '', phoneNumber: '', email: '', password: '' }

export interface AccountFieldsProps {
  values: AccountValues
  onValues: (values: AccountValues) => void
  error: ContractError | null
}

/** Name, phone number, e-mail and password of a new account. */
export function AccountFields({ values, onValues, error }: AccountFieldsProps) {
  const { t } = useTranslation()
  const texts = useErrorText()
  return (
    <>
      <TextField
        label={t('account.full_name')}
        name="full_name"
        autoComplete="name"
        value={values.fullName}
        onValue={(fullName) => onValues({ ...values, fullName })}
        error={texts.ofField(error, 'full_name', values.fullName)}
      />
      <TextField
        label={t('account.phone_number')}
        hint={t('account.phone_hint')}
        name="phone_number"
        type="tel"
        autoComplete="tel"
        value={values.phoneNumber}
        onValue={(phoneNumber) => onValues({ ...values, phoneNumber })}
        error={texts.ofField(error, 'phone_number', values.phoneNumber)}
      />
      <TextField
        label={t('account.email')}
        name="email"
        type="text"
        inputMode="email"
        autoComplete="email"
        value={values.email}
        onValue={(email) => onValues({ ...values, email })}
        error={texts.ofField(error, 'email')}
      />
      <PasswordField
        label={t('account.password')}
        hint={t('account.password_hint')}
        name="password"
        autoComplete="new-password"
        value={values.password}
        onValue={(password) => onValues({ ...values, password })}
        error={texts.ofField(error, 'password', values.password)}
      />
    </>
  )
}

/** The fields as the contract wants them. */
export function toRegistration(values: AccountValues): { full_name: string; phone_number: string; email: string; password: string } {
  return { full_name: values.fullName, phone_number: values.phoneNumber, email: values.email.trim(), password: values.password }
}

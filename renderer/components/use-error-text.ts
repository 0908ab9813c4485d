import { useTranslation } from 'react-i18next'
import { errorText, type ContractError, type ErrorCode } from '../../shared/contract/errors.js'
import { useLanguage } from '../app/use-language.js'

export interface ErrorTexts {
  /** The sentence for a failure, with how long to wait when that is known. */
  ofError: (error: Pick<ContractError, 'code' | 'retryAfterS'>) => string
  ofCode: (code: ErrorCode) => string
  /** What is wrong with one field of a refused form; undefined when nothing is. An empty `value` counts as missing, not as short. */
  ofField: (error: ContractError | null, field: string, value?: string) => string | undefined
}

/** Sentences for failures, in the window's language. */
export function useErrorText(): ErrorTexts {
  const { t, i18n } = useTranslation()
  const language = useLanguage()
  const ofCode = (code: ErrorCode): string => errorText(code, language).replaceAll("'", '’')
  return {
    ofCode,
    ofError: ({ code, retryAfterS }) =>
      retryAfterS === undefined ? ofCode(code) : `${ofCode(code)} ${t('form.wait', { count: Math.max(1, Math.ceil(retryAfterS / 60)) })}`,
    ofField: (error, field, value) => {
      if (error?.code === 'phone_taken' && field === 'phone_number') return ofCode('phone_taken')
      if (error?.code === 'email_taken' && field === 'email') return ofCode('email_taken')
      if (error?.code === 'wrong_setup_code' && field === 'setup_code') return ofCode('wrong_setup_code')
      const found = error?.fields?.find((one) => one.field === field)
      if (!found) return undefined
      const key = `field.${found.code === 'too_short' && value === '' ? 'required' : found.code}`
      return i18n.exists(key) ? t(key as 'field.invalid') : t('field.invalid')
    },
  }
}

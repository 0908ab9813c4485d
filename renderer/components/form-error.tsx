import type { ContractError } from '../../shared/contract/errors.js'
import { Notice } from './notice.js'
import { useErrorText } from './use-error-text.js'

/** Why a form was refused as a whole. */
export function FormError({ error }: { error: ContractError | null }) {
  const texts = useErrorText()
  if (!error) return null
  return (
    <Notice tone="problem" alert testId="form-error">
      {texts.ofError(error)}
    </Notice>
  )
}

import { useEffect, useRef } from 'react'
import type { ContractError, ErrorCode } from '../../shared/contract/errors.js'
import { Notice } from './notice.js'
import { useErrorText } from './use-error-text.js'

/** Refusals that one field shows by itself. */
const shownAtField: readonly ErrorCode[] = ['phone_taken', 'email_taken', 'wrong_setup_code']

/** Why a form was refused as a whole; the focus goes to the first field that has to be mended. */
export function FormError({ error }: { error: ContractError | null }) {
  const texts = useErrorText()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (error) place.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error])
  return (
    <div ref={place} className="contents">
      {error && !shownAtField.includes(error.code) && (
        <Notice tone="problem" alert testId="form-error">
          {texts.ofError(error)}
        </Notice>
      )}
    </div>
  )
}

/** Turns what zod found wrong into the contract's field errors: a stable code for the window to translate, and a sentence for everybody else. */
import type { z } from 'zod'
import { ContractError, type FieldError } from '../../../shared/contract/errors.js'

type Issue = z.core.$ZodIssue

function fieldCode(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'required' : 'invalid_type'
    case 'too_small':
      return issue.origin === 'string' ? (Number(issue.minimum) <= 1 ? 'required' : 'too_short') : 'too_small'
    case 'too_big':
      return issue.origin === 'string' ? 'too_long' : 'too_large'
    case 'invalid_format':
      return issue.format === 'email' ? 'invalid_email' : issue.format === 'uuid' ? 'invalid_id' : issue.format === 'url' ? 'invalid_address' : 'invalid_format'
    case 'invalid_value':
      return 'invalid_choice'
    case 'invalid_union':
      // The first branch that got furthest says more than "no branch fits".
      return issue.errors[0]?.[0] ? fieldCode(issue.errors[0][0]) : 'invalid'
    default:
      return 'invalid'
  }
}

/** `validation_failed` with the fields; the person's own input is not repeated in it. */
export function validationError(error: z.ZodError): ContractError {
  const fields: FieldError[] = error.issues.map((issue) => ({ field: issue.path.join('.') || '(input)', code: fieldCode(issue), message: issue.message.slice(0, 200) }))
  return new ContractError('validation_failed', { fields })
}

/** Phone numbers in one form, E.164, with Cameroon as the default country. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { ContractError } from '../../../shared/contract/errors.js'

/**
 * Normalises a number as people type it (`6 77 12 34 56`, `00237…`, `+237…`) to E.164. A possible number is enough: a numbering plan
 * changes faster than an installed library. A number inside other text is none. Throws `validation_failed` on `phone_number`.
 */
export function normalisePhoneNumber(typed: string): string {
  const parsed = parsePhoneNumberFromString(typed.trim().replace(/^00\s*/, '+'), { defaultCountry: 'CM', extract: false })
  if (!parsed?.isPossible()) {
    throw new ContractError('validation_failed', { fields: [{ field: 'phone_number', code: 'invalid_phone', message: 'Not a possible phone number' }] })
  }
  return parsed.number
}

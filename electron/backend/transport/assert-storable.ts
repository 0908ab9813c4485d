/** Refuses what is valid JSON but cannot be stored as it is: Postgres text knows neither NUL nor half a surrogate pair. */
import { ContractError } from '../../../shared/contract/errors.js'

const unstorable = /[\0\p{Surrogate}]/u
/** Levels of arrays and objects that a request may have; no method needs more than a few, and recursion over a request must end. */
const deepest = 64

/** Throws `validation_failed` on the field of an unstorable text, key or value, and `malformed_request` when the input is nested too deeply. */
export function assertStorable(input: unknown): void {
  const open: { value: unknown; path: readonly string[] }[] = [{ value: input, path: [] }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next
    if (typeof value === 'string') {
      if (unstorable.test(value)) refuse(path)
    } else if (typeof value === 'object' && value !== null) {
      if (path.length >= deepest) throw new ContractError('malformed_request')
      for (const [key, entry] of Object.entries(value)) {
        // The key itself is not repeated in the error.
        if (unstorable.test(key)) refuse(path)
        open.push({ value: entry as unknown, path: [...path, key] })
      }
    }
  }
}

function refuse(path: readonly string[]): never {
  const field = { field: path.join('.') || '(input)', code: 'invalid_text', message: 'The text holds a character that cannot be stored' }
  throw new ContractError('validation_failed', { fields: [field] })
}

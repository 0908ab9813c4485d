/**
 * What makes a password acceptable: length, and not being one of the first that anybody tries (NIST SP 800-63B 5.1.1.2); no rules of composition.
 */
import { readFileSync } from 'node:fs'
import { ContractError } from '../../../shared/contract/errors.js'

/** bcrypt reads no more than 72 bytes; a longer password would be cut without a word. */
export const maximumPasswordBytes = 72

export class PasswordPolicy {
  readonly #common: ReadonlySet<string>

  private constructor(common: ReadonlySet<string>) {
    this.#common = common
  }

  /** Reads the list of common passwords, one a line. */
  static load(file: string): PasswordPolicy {
    const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.trim().toLowerCase())
    return new PasswordPolicy(new Set(lines.filter((line) => line !== '' && !line.startsWith('#'))))
  }

  /** The password in the form that is hashed (Unicode NFC). Throws `validation_failed` on `field`. */
  accept(password: string, field: string): string {
    const normalised = password.normalize('NFC')
    const refuse = (code: string, message: string): never => {
      throw new ContractError('validation_failed', { fields: [{ field, code, message }] })
    }
    if (Buffer.byteLength(normalised, 'utf8') > maximumPasswordBytes) refuse('too_long', 'The password is longer than 72 bytes')
    if (this.#common.has(normalised.toLowerCase()) || new Set(normalised).size < 3) refuse('too_common', 'The password is one of the most common')
    return normalised
  }
}

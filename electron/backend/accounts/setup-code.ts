/**
 * The code that makes the first administrator. It is made at the first start and lies in a file of the data folder, readable by this user only:
 * whoever can read that file runs the device anyway, and a patient at a kiosk cannot.
 */
import { randomInt, timingSafeEqual } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { writeDurably } from '../database/data-folder.js'

/** No letters or digits that look alike. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const length = 10

export class SetupCode {
  readonly file: string

  constructor(dataFolder: string) {
    this.file = path.join(dataFolder, 'administrator-setup-code')
  }

  /** Makes the code where there is none yet. */
  ensure(): void {
    if (fs.existsSync(this.file)) return
    const code = Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
    writeDurably(this.file, `${code}\n`)
  }

  /** Whether this is the code; case and dashes do not matter. False when there is none. */
  matches(typed: string): boolean {
    if (!fs.existsSync(this.file)) return false
    const expected = Buffer.from(fs.readFileSync(this.file, 'utf8').trim())
    const given = Buffer.from(typed.toUpperCase().replaceAll(/[\s-]/g, ''))
    return expected.length === given.length && timingSafeEqual(expected, given)
  }

  /** Removes the code once there is an administrator. */
  remove(): void {
    fs.rmSync(this.file, { force: true })
  }
}

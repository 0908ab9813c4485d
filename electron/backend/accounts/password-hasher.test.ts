import { afterAll, describe, expect, it } from 'vitest'
import { PasswordHasher } from './password-hasher.js'

const hasher = new PasswordHasher()
const cheap = new PasswordHasher(4)
afterAll(() => Promise.all([hasher.close(), cheap.close()]))

/** The processor time of this process and its threads, in µs: another program's load does not count. */
async function workOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

describe('the password hasher', () => {
  it('hashes with bcrypt at cost 12 and does as much for a person that does not exist', async () => {
    const hash = await hasher.hash('a fine long password')
    expect(hash).toMatch(/^\$2[aby]\$12\$/)
    const known = await workOf(() => hasher.compare('wrong password', hash))
    const unknown = await workOf(() => hasher.compare('wrong password', null))
    // Half to double: without the work it would be a thousandth.
    expect(unknown / known).toBeGreaterThan(0.3)
    expect(unknown / known).toBeLessThan(3)
    expect(await hasher.compare('a fine long password', null)).toBe(false)
  })

  it('salts, and compares the composed form', async () => {
    const [first, second] = await Promise.all([cheap.hash('motdepassé'), cheap.hash('motdepassé')])
    expect(first).not.toBe(second)
    expect(await cheap.compare('motdepasse\u0301', first)).toBe(true)
    expect(await cheap.compare('motdepasse', first)).toBe(false)
  })

  it('takes no password for right because its first 72 bytes are', async () => {
    const longest = 'ab1'.repeat(24)
    const hash = await cheap.hash(longest)
    expect(await cheap.compare(longest, hash)).toBe(true)
    expect(await cheap.compare(`${longest}x`, hash)).toBe(false)
  })

  it('says no to a broken hash, and fails what is pending when it is closed', async () => {
    expect(await cheap.compare('x', 'not a hash').catch(() => false)).toBe(false)
    const closing = new PasswordHasher(12)
    const pending = closing.hash('a fine long password')
    const outcome = expect(pending).rejects.toThrow('the password thread ended')
    await closing.close()
    await outcome
  })
})

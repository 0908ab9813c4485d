import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../testing/test-backend.js'
import { PasswordPolicy } from './password-policy.js'

const policy = PasswordPolicy.load(path.join(projectFolder, 'data', 'accounts', 'common-passwords.txt'))
const codeOf = (password: string): string => {
  try {
    policy.accept(password, 'password')
    return 'accepted'
  } catch (error) {
    return (error as { fields?: { code: string }[] }).fields?.[0]?.code ?? String(error)
  }
}

describe('the password policy', () => {
  it('asks for no composition, but refuses what everybody tries first, in any case', () => {
    for (const password of ['a fine long password', 'securepassword123', 'motdepasse à moi', '12 août à Douala']) expect(codeOf(password), password).toBe('accepted')
    for (const password of ['password', 'Password1', 'PASSWORD123', '12345678', 'aaaaaaaa', 'abababab']) expect(codeOf(password), password).toBe('too_common')
  })

  it('refuses more than the 72 bytes that bcrypt reads, counted after normalising', () => {
    expect(codeOf('ab1'.repeat(24))).toBe('accepted')
    expect(codeOf(`${'ab1'.repeat(24)}x`)).toBe('too_long')
    expect(codeOf(`abc${'é'.repeat(34)}`)).toBe('accepted')
    expect(codeOf(`abc${'é'.repeat(35)}`)).toBe('too_long')
    // 34 letters of three bytes each that are two when composed.
    expect(codeOf(`abc${'e\u0301'.repeat(34)}`)).toBe('accepted')
  })

  it('gives the composed form and does not repeat the password in its error', () => {
    expect(policy.accept('mot de passe\u0301', 'password')).toBe('mot de passé')
    expect(() => policy.accept('password123', 'password')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('password123') as unknown }))
  })
})

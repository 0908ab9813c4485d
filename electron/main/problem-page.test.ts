import { describe, expect, it } from 'vitest'
import { problemAddress, problemPage, readProblem } from './problem-page.js'

describe('the problem page', () => {
  it('says the problem in both languages, without script', () => {
    const page = problemPage('keys_locked')
    expect(page).toContain('<section lang="fr">')
    expect(page).toContain('<section lang="en">')
    expect(page).not.toContain('<script')
  })

  it('is found by its address alone', () => {
    expect(readProblem(new URL(problemAddress('folder_newer')))).toBe('folder_newer')
    for (const address of ['carechat://app/', 'carechat://app/problem', 'carechat://app/problem?code=toString', 'carechat://app/problem?code=%3Cscript%3E']) expect(readProblem(new URL(address))).toBeNull()
  })
})

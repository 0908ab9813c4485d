import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveAppFile } from './resolve-app-file.js'

const root = path.resolve('/srv/renderer')

describe('resolveAppFile', () => {
  it('finds files of the app, whatever the query', () => {
    expect(resolveAppFile(root, 'carechat://app/assets/main-1a2b.js?x=1#y')).toBe(path.join(root, 'assets', 'main-1a2b.js'))
    expect(resolveAppFile(root, 'carechat://app/caf%C3%A9.png')).toBe(path.join(root, 'café.png'))
  })

  it('gives the page for every address without an extension', () => {
    for (const address of ['carechat://app', 'carechat://app/', 'carechat://app/conversations/12']) expect(resolveAppFile(root, address)).toBe(path.join(root, 'index.html'))
  })

  it.each([
    'carechat://app/..%2f..%2fetc/passwd.txt',
    'carechat://app/%2e%2e%2f%2e%2e%2fsecret.json',
    'carechat://app/assets/..%5c..%5csecret.json',
    'carechat://app/%5c%5cserver%5cshare.txt',
    'carechat://app/C%3A/windows/win.ini',
    'carechat://app/index.html%00.png',
    'carechat://app/%zz.js',
    'carechat://other/main.js',
    'carechat://user@app/main.js',
    'https://app/main.js',
    'file:///etc/passwd.txt',
    'not an address',
  ])('refuses %s', (address) => {
    expect(resolveAppFile(root, address)).toBeNull()
  })

  it('stays inside even where the address parser has removed the dots', () => {
    expect(resolveAppFile(root, 'carechat://app/../../etc/passwd.txt')).toBe(path.join(root, 'etc', 'passwd.txt'))
    expect(resolveAppFile(root, 'carechat://app/%2e%2e/%2e%2e/etc/passwd.txt')?.startsWith(root + path.sep) ?? true).toBe(true)
  })
})

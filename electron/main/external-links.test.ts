import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isAllowedLink } from './external-links.js'

describe('isAllowedLink', () => {
  it('allows every source that the knowledge base names', () => {
    const folder = new URL('../../data/knowledge/', import.meta.url)
    const links = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name }) => readFileSync(new URL(`${name}/article.yaml`, folder), 'utf8').match(/https?:\/\/[^\s'"]+/g) ?? [])
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter((link) => !isAllowedLink(link))).toEqual([])
  })

  it.each(['http://www.who.int/', 'https://www.who.int.example.com/', 'https://www.who.int@example.com/', 'https://example.com/?www.who.int', 'https://www.who.int:8443/', 'file:///etc/passwd', 'javascript:alert(1)', 'smb://www.who.int/x', ''])(
    'refuses %s',
    (link) => {
      expect(isAllowedLink(link)).toBe(false)
    },
  )
})

import { describe, expect, it } from 'vitest'
import { createI18n } from './i18n.js'
import en from './en.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }

function flatten(texts: object, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flatten(value as object, `${prefix}${key}.`),
  )
}

const english = new Map(flatten(en))
const french = new Map(flatten(fr))
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{\w+\}\}|<\/?\w+>/g)].map((match) => match[0]).sort()

describe('texts of the window', () => {
  it('are there in both languages, under the same keys', () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('are never empty and hold the same placeholders in both languages', () => {
    for (const [key, text] of english) {
      const other = french.get(key) ?? ''
      expect(text.trim(), key).not.toBe('')
      expect(other.trim(), key).not.toBe('')
      expect(placeholders(other), key).toEqual(placeholders(text))
    }
  })

  it('follow French typography: a narrow no-break space before high punctuation and inside guillemets, a curly apostrophe', () => {
    for (const [key, text] of french) {
      const withoutAddresses = text.replace(/https?:\/\/\S*/g, '')
      expect(withoutAddresses, key).not.toMatch(/[^\u202f\s{}][;?!»]|[\p{L}\d}]:| [:;?!»]|«(?!\u202f)|'/u)
    }
    expect([...english.values()].filter((text) => text.includes("'"))).toEqual([])
  })

  it('count in both languages', () => {
    const t = createI18n('fr').getFixedT('fr')
    expect(t('conversations.messages', { count: 0 })).toBe('0 message')
    expect(t('conversations.messages', { count: 2 })).toBe('2 messages')
    expect(createI18n('en').t('conversations.messages', { count: 0 })).toBe('0 messages')
  })
})

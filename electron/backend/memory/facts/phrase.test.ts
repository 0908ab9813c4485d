import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { projectFolder } from '../../testing/test-backend.js'
import { compilePhrases, occurs, PhraseError, PhraseSet, type Terms } from './phrase.js'
import { readMemoryRules } from './rules.js'

const terms: Terms = new Map([
  ['fruit', ['apple*', 'pear']],
  ['dish', ['<fruit>', 'rice']],
  ['loop', ['<loop>']],
])
const matches = (phrase: string, text: string): boolean => occurs(compilePhrases([phrase], terms), text)

describe('phrases', () => {
  it.each([
    ['allerg*', 'an allergy', true],
    ['*cillin', 'amoxicillin now', true],
    ['*cillin', 'cillinger', false],
    ['take', 'mistake', false],
    ['(i|he) (take|takes)', 'he takes', true],
    ['a (big)? house', 'a house', true],
    ['a (big)? house', 'a big house', true],
    ['house (big)?', 'house', true],
    ['eats? .. <dish>', 'he eats one or two apples', true],
    ['eats? .. <dish>', 'he eats one two three four five apples', false],
    ['# days', 'three days', true],
    ['# days', '2.5 days', true],
    ['in ..', 'in', false],
    ['in ..', 'in town', true],
    ['am # <end>', 'i am 71', true],
    ['am # <end>', 'i am 71 kilometres away', false],
    ['i have a cold', 'i, have a cold', true],
  ])('%s in "%s": %s', (phrase, text, expected) => {
    expect(matches(phrase, text)).toBe(expected)
  })

  it('are refused when they name no list, go in circles or hold what phrases do not have', () => {
    for (const phrase of ['<nothing> here', '<loop>', 'a\\b', 'a{2}', '(?:x)']) expect(() => compilePhrases([phrase], terms), phrase).toThrow(PhraseError)
  })

  it('are only tried where their lists occur, and find every place', () => {
    const set = new PhraseSet(['eats .. <fruit>', 'sleeps'], terms)
    expect(set.occursIn('he eats rice')).toBe(false)
    expect(set.find('he eats a pear and sleeps').map(({ from, to }) => 'he eats a pear and sleeps'.slice(from, to))).toEqual(['eats a pear', 'sleeps'])
    expect(new PhraseSet([], terms).occursIn('anything')).toBe(false)
  })
})

describe('the rules of the project', () => {
  const folder = path.join(projectFolder, 'data', 'memory')

  it('can all be read, each phrase by itself', () => {
    const rules = readMemoryRules(folder)
    for (const kind of rules.kinds.values()) {
      expect(() => kind.say.find('nothing of the kind'), kind.kind).not.toThrow()
      expect(() => kind.never.find('nothing of the kind'), kind.kind).not.toThrow()
      for (const { pattern } of kind.keys) expect(() => pattern.find('nothing')).not.toThrow()
    }
    for (const { name, pattern } of rules.conditions) expect(() => pattern.find('nothing'), name).not.toThrow()
  })

  it('hold no accents and no capitals, because texts are compared without', () => {
    const strings = (value: unknown): string[] => (typeof value === 'string' ? [value] : value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [])
    const { terms: lists, kinds, conditions } = parse(fs.readFileSync(path.join(folder, 'facts.yaml'), 'utf8')) as { terms: object; conditions: object; kinds: Record<string, { say: unknown; never?: unknown; asked: unknown }> }
    const phrases = [...strings(lists), ...strings(conditions), ...Object.values(kinds).flatMap(({ say, never, asked }) => strings([say, never ?? [], asked]))]
    expect(phrases.filter((phrase) => /[^\x20-\x7e]|[A-Z]|'/.test(phrase))).toEqual([])
  })
})

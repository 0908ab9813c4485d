import { describe, expect, it } from 'vitest'
import { parsePhrase, type PhraseContext } from './phrase.js'
import { PhraseMatcher } from './phrase-matcher.js'
import { tokenise, type Token } from './tokenise.js'

const context: PhraseContext = { spelling: new Map(), fillers: new Set(['the', 'is', 'my', 'very']) }

function matcher(concepts: Record<string, string[]>, exceptions: Record<string, string> = {}): PhraseMatcher {
  const parsed = Object.entries(concepts).map(([name, phrases]) => [name, phrases.flatMap((phrase) => parsePhrase(phrase, context))] as const)
  return new PhraseMatcher(new Map(parsed), context.fillers, new Map(Object.entries(exceptions)))
}

function found(concepts: Record<string, string[]>, text: string, concept = 'x', exceptions: Record<string, string> = {}): string[] {
  const tokens = tokenise(text, new Map())
  return (matcher(concepts, exceptions).find(tokens).get(concept) ?? []).map(({ from, to }) => tokens.slice(from, to).map((token) => token.word).join(' '))
}

describe('phrases', () => {
  it.each([
    ['stiff neck', 'a stiff neck', ['stiff neck']],
    ['pain chest', 'pain the very chest', ['pain the very chest']],
    ['pain chest', 'pain, chest', []],
    ['vomit* blood', 'vomiting blood', ['vomiting blood']],
    ['red|blue lips', 'blue lips', ['blue lips']],
    ['cold|went_through skin', 'went through skin', ['went through skin']],
    ['pain .. arm', 'pain down the left arm', ['pain down the left arm']],
    ['pain .. arm', 'pain one two three four arm', []],
    ['no more? drink', 'no drink', ['no drink']],
    ['#1-28 days', '3 days', ['3 days']],
    ['#1-28 days', '40 days', []],
    ['temperature|#38-43 high', '39 high', ['39 high']],
    ['very weak', 'weak', []],
  ])('%s in "%s"', (phrase, text, expected) => {
    expect(found({ x: [phrase] }, text)).toEqual(expected)
  })

  it('names other concepts, and leaves exceptions out everywhere', () => {
    const concepts = { limb: ['arm', 'leg'], x: ['<limb> .. hurts', 'left <limb>'], 'not-limb': ['arm chair'] }
    expect(found(concepts, 'the leg really hurts')).toEqual(['leg really hurts'])
    expect(found(concepts, 'left arm chair', 'x', { limb: 'not-limb' })).toEqual([])
  })

  it.each(['..', 'a .. ', '.. a', 'word?', 'pain arm?'])('refuses "%s"', (phrase) => {
    expect(() => parsePhrase(phrase, context)).toThrow()
  })

  it('refuses unknown and circular concepts and too short beginnings', () => {
    expect(() => matcher({ x: ['<missing> here'] })).toThrow(/no concept "missing"/)
    expect(() => matcher({ x: ['<y> here'], y: ['<x> there'] })).toThrow(/refers to itself/)
    expect(() => matcher({ x: ['ab* here'] })).toThrow(/too short/)
  })
})

describe('work', () => {
  /** How often a text's tokens are looked at. */
  function looks(text: string): number {
    let count = 0
    const tokens = new Proxy(tokenise(text, new Map()), {
      get(target, property, receiver): unknown {
        if (typeof property === 'string' && /^\d+$/u.test(property)) count += 1
        return Reflect.get(target, property, receiver)
      },
    }) as readonly Token[]
    matcher({ no: ['no', 'no more'], x: ['<no> .. pain', 'pain ... no ... pain', 'pain the pain .. <no>', 'no .. no .. no .. pain'] }).find(tokens)
    return count
  }

  it.each(['no ', 'pain ', 'no pain ', 'no the very pain '])('grows with the length only, for repeated "%s"', (unit) => {
    const small = looks(unit.repeat(200))
    const large = looks(unit.repeat(2000))
    expect(large).toBeLessThan(small * 11)
  })
})

import { describe, expect, it } from 'vitest'
import type { RememberedFact } from '../../../shared/contract/memory.js'
import { groupFacts } from './group-facts.js'

const fact = (fact_id: string, changes: Partial<RememberedFact> = {}): RememberedFact => ({
  fact_id,
  kind: 'note',
  kinds: ['note'],
  value: 'x',
  person: null,
  message_id: 'm',
  sequence: 1,
  lang: 'en',
  superseded_by: null,
  ...changes,
})

describe('facts as they are shown', () => {
  it('are grouped by kind, the weighty ones first', () => {
    const { own } = groupFacts([fact('1'), fact('2', { kind: 'medicine' }), fact('3', { kind: 'allergy' }), fact('4', { kind: 'medicine' })])
    expect(own.map(({ kind, facts }) => [kind, facts.map(({ fact_id }) => fact_id)])).toEqual([
      ['allergy', ['3']],
      ['medicine', ['2', '4']],
      ['note', ['1']],
    ])
  })

  it('never show another person’s or a corrected fact among the own ones', () => {
    const grouped = groupFacts([fact('1', { person: 'husband' }), fact('2', { superseded_by: '3' }), fact('3')])
    expect(grouped.own.flatMap(({ facts }) => facts.map(({ fact_id }) => fact_id))).toEqual(['3'])
    expect(grouped.others.map(({ fact_id }) => fact_id)).toEqual(['1'])
    expect(grouped.corrected.map(({ fact_id }) => fact_id)).toEqual(['2'])
  })
})

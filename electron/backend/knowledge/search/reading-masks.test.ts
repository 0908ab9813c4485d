import { describe, expect, it } from 'vitest'
import type { Audience } from '../passages/document.js'
import { ReadingMasks } from './reading-masks.js'

const passage = (audience: Audience, ownerId: string | null = null, documentId = 'd', reviewed = false) => ({ audience, ownerId, documentId, reviewed })
const staff: readonly Audience[] = ['public', 'ward', 'owner']
const patient: readonly Audience[] = ['public', 'owner']
const slots = (mask: Uint8Array): number[] => [...mask.keys()].filter((slot) => mask[slot] === 1)

function filled(): ReadingMasks {
  const masks = new ReadingMasks()
  masks.set(0, passage('public'))
  masks.set(1, passage('ward', null, 'e'))
  masks.set(2, passage('owner', 'ada'))
  masks.set(3, passage('owner', 'ben', 'e', true))
  masks.set(2000, passage('public', null, 'e', true))
  return masks
}

describe('ReadingMasks', () => {
  it('lets everybody read what is public, staff the ward’s, and each what is their own alone', () => {
    const masks = filled()
    expect(slots(masks.maskFor({ audiences: ['public'], userId: null }))).toEqual([0, 2000])
    expect(slots(masks.maskFor({ audiences: patient, userId: 'ada' }))).toEqual([0, 2, 2000])
    expect(slots(masks.maskFor({ audiences: staff, userId: 'ben' }))).toEqual([0, 1, 3, 2000])
    expect(slots(masks.maskFor({ audiences: staff, userId: null }))).toEqual([0, 1, 2000])
    expect(slots(masks.maskFor({ audiences: ['public'], userId: 'ada' }))).toEqual([0, 2000])
    expect(slots(masks.maskFor({ audiences: [], userId: 'ada' }))).toEqual([])
  })

  it('keeps to the documents and the reviewed ones that the scope names', () => {
    const masks = filled()
    expect(slots(masks.maskFor({ audiences: staff, userId: 'ben', documentIds: ['e'] }))).toEqual([1, 3, 2000])
    expect(slots(masks.maskFor({ audiences: patient, userId: 'ada', documentIds: ['e'] }))).toEqual([2000])
    expect(slots(masks.maskFor({ audiences: patient, userId: 'ada', documentIds: [] }))).toEqual([])
    expect(slots(masks.maskFor({ audiences: staff, userId: 'ben', reviewedOnly: true }))).toEqual([3, 2000])
  })

  it('is the same object until a passage changes, and then follows', () => {
    const masks = filled()
    const scope = { audiences: patient, userId: 'ada' }
    const before = masks.maskFor(scope)
    expect(masks.maskFor({ audiences: ['owner', 'public'], userId: 'ada' })).toBe(before)
    masks.delete(2)
    expect(slots(masks.maskFor(scope))).toEqual([0, 2000])
    masks.set(2, passage('owner', 'ben'))
    expect(slots(masks.maskFor(scope))).toEqual([0, 2000])
    masks.set(1, passage('owner', 'ada'))
    masks.set(0, passage('ward'))
    expect(slots(masks.maskFor(scope))).toEqual([1, 2000])
    masks.delete(77)
    expect(slots(masks.maskFor({ audiences: staff, userId: 'ben' }))).toEqual([0, 2, 3, 2000])
    expect(slots(before)).toEqual([0, 2, 2000])
  })
})

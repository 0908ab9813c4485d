/**
 * Who may read the passage in each slot, and from it the mask of a reading scope: made once a scope and state of the passages, so that no
 * search asks passage by passage.
 */
import type { Audience } from '../passages/document.js'
import type { ReadingScope } from '../thread/worker-messages.js'
import { RecentMap } from './recent-map.js'
import type { SlotMask } from './slot-mask.js'

const codes = { public: 1, ward: 2, owner: 3 } as const satisfies Record<Audience, number>
const audiences = Object.keys(codes) as Audience[]
/** Masks kept between two changes; a mask is one byte a passage. */
const rememberedMasks = 32

export class ReadingMasks {
  /** The code of a slot's audience, 0 where there is no passage. */
  #audiences = new Uint8Array(1024)
  /** Slots above this one have never held a passage. */
  #end = 0
  /** 1 where the slot's document was reviewed by a clinician. */
  #reviewed = new Uint8Array(1024)
  readonly #documents: (string | undefined)[] = []
  readonly #owners = new Map<number, string>()
  readonly #ownedBy = new Map<string, Set<number>>()
  readonly #masks = new RecentMap<string, SlotMask>(rememberedMasks)

  /** Notes the passage that a slot holds now. */
  set(slot: number, { audience, ownerId, documentId, reviewed }: { audience: Audience; ownerId: string | null; documentId: string; reviewed: boolean }): void {
    this.delete(slot)
    if (slot >= this.#audiences.length) {
      const capacity = Math.max(slot + 1, this.#audiences.length * 2)
      this.#audiences = lengthened(this.#audiences, capacity)
      this.#reviewed = lengthened(this.#reviewed, capacity)
    }
    this.#end = Math.max(this.#end, slot + 1)
    this.#audiences[slot] = codes[audience]
    this.#reviewed[slot] = Number(reviewed)
    this.#documents[slot] = documentId
    if (audience !== 'owner' || ownerId === null) return
    this.#owners.set(slot, ownerId)
    const owned = this.#ownedBy.get(ownerId)
    if (owned) owned.add(slot)
    else this.#ownedBy.set(ownerId, new Set([slot]))
  }

  /** Notes that a slot holds no passage any more. */
  delete(slot: number): void {
    this.#masks.clear()
    if (slot < this.#end) this.#audiences[slot] = 0
    const ownerId = this.#owners.get(slot)
    if (ownerId === undefined) return
    this.#owners.delete(slot)
    const owned = this.#ownedBy.get(ownerId)
    owned?.delete(slot)
    if (owned?.size === 0) this.#ownedBy.delete(ownerId)
  }

  /** The slots that this scope may read. Not to be changed; the same object until a passage changes. */
  maskFor({ audiences: allowed, userId, documentIds, reviewedOnly = false }: ReadingScope): SlotMask {
    const readsOwn = allowed.includes('owner') && userId !== null
    const key = `${audiences.filter((audience) => audience !== 'owner' && allowed.includes(audience)).join()}/${readsOwn ? userId : ''}/${String(reviewedOnly)}/${JSON.stringify(documentIds ?? null)}`
    const known = this.#masks.get(key)
    if (known) return known
    const readable = [0, Number(allowed.includes('public')), Number(allowed.includes('ward')), 0]
    const mask = new Uint8Array(this.#end)
    for (let slot = 0; slot < mask.length; slot++) mask[slot] = readable[this.#audiences[slot] ?? 0] ?? 0
    if (readsOwn) for (const slot of this.#ownedBy.get(userId) ?? []) mask[slot] = 1
    if (reviewedOnly) for (let slot = 0; slot < mask.length; slot++) if (this.#reviewed[slot] !== 1) mask[slot] = 0
    if (documentIds) {
      const chosen = new Set(documentIds)
      for (let slot = 0; slot < mask.length; slot++) if (mask[slot] === 1 && !chosen.has(this.#documents[slot] ?? '')) mask[slot] = 0
    }
    this.#masks.set(key, mask)
    return mask
  }
}

function lengthened(before: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(length)
  longer.set(before)
  return longer
}

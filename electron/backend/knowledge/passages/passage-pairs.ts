/**
 * Pairs the passages of a document's two language sides. Both sides have the same sections in the same order; within a section a passage
 * pairs with the one at the same part of the way through.
 */
import type { Language } from '../../../../shared/contract/common.js'

export interface PairablePassage {
  documentId: string
  lang: Language
  ordinal: number
  heading: string
}

/** The passages of the other language side that say the same as each passage, by passage; pairs hold in both directions. */
export function pairPassages<Passage extends PairablePassage>(passages: Iterable<Passage>): Map<Passage, Passage[]> {
  const documents = new Map<string, Passage[]>()
  for (const passage of passages) {
    const document = documents.get(passage.documentId)
    if (document) document.push(passage)
    else documents.set(passage.documentId, [passage])
  }
  const pairs = new Map<Passage, Passage[]>()
  const join = (one: Passage | undefined, other: Passage | undefined): void => {
    if (!one || !other) return
    for (const [from, to] of [[one, other], [other, one]] as const) {
      const known = pairs.get(from)
      if (!known) pairs.set(from, [to])
      else if (!known.includes(to)) known.push(to)
    }
  }
  for (const document of documents.values()) {
    const english = sections(document.filter((passage) => passage.lang === 'en'))
    const french = sections(document.filter((passage) => passage.lang === 'fr'))
    // Texts whose sections do not correspond are paired by their length alone.
    const [left, right] = english.length === french.length ? [english, french] : [[english.flat()], [french.flat()]]
    for (const [at, one] of left.entries()) {
      const other = right[at] ?? []
      one.forEach((passage, index) => join(passage, other[Math.floor((index * other.length) / one.length)]))
      other.forEach((passage, index) => join(one[Math.floor((index * one.length) / other.length)], passage))
    }
  }
  return pairs
}

function sections<Passage extends PairablePassage>(side: Passage[]): Passage[][] {
  const found: Passage[][] = []
  let heading: string | null = null
  for (const passage of side.sort((one, other) => one.ordinal - other.ordinal)) {
    if (passage.heading !== heading) found.push([])
    heading = passage.heading
    found.at(-1)?.push(passage)
  }
  return found
}

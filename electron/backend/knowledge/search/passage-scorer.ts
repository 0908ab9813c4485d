/**
 * Finds the passages with the best sums of term gains without adding up every gain. Terms come in falling order of the most that they can
 * give; once those that are left could not lift a new passage among the best, only passages that are already there are looked up in them
 * (MaxScore: Turtle and Flood 1995). The result is exact: what remains is scored anew in the order in which the query names its terms.
 */
import { frequencyIn, frequencyOf, lowerBound, passageOf } from './posting-lists.js'

/** One term of a part of the query. A posting's gain is factor · f / (f + norm of the passage). */
export interface ScoredTerm {
  /** Terms of one part follow one another. */
  part: number
  term: number
  postings: Uint32Array
  /** Above 0. */
  factor: number
  /** The greatest f / (f + norm) of the postings. */
  greatest: number
  /** The part's gains are divided by `most`, and the part counts by its share, above 0. */
  most: number
  share: number
}

export interface ScoringRequest {
  terms: readonly ScoredTerm[]
  /** By passage number: what stands for its length in the gain. */
  norms: Float64Array
  /** By passage number: 1 where it may be found. */
  readable: Uint8Array
  count: number
  minimum: number
}

/** A term with all of its parts put together. */
interface Gains {
  postings: Uint32Array
  coefficient: number
  bound: number
}

/** Sums are compared with this much room, as a share of the most that can be reached: the order of additions changes their last digits. */
const room = 1e-9
/** Looking a passage up in a list costs about as much as passing over so many postings. */
const lookUpCost = 12

export class PassageScorer {
  /** By passage number; 0 between two searches. */
  #sums = new Float64Array(0)
  #touched = new Int32Array(0)

  /** The passages that reach `minimum` and are among the `count` best, with every one that ties with the last of these, in no order. */
  best({ terms, norms, readable, count, minimum }: ScoringRequest): { passage: number; score: number }[] {
    if (this.#sums.length < norms.length) {
      this.#sums = new Float64Array(norms.length)
      this.#touched = new Int32Array(norms.length)
    }
    const lists = mergeParts(terms)
    const reachable = lists.reduce((sum, { bound }) => sum + bound, 0)
    const slack = reachable * room
    /** A sum below this is not among the best. */
    let least = minimum - slack
    /** What the lists to come can add to a sum. */
    let remaining = reachable
    let touched = 0
    /** Set once a passage that has no sum yet cannot be among the best; in rising order. */
    let candidates: Int32Array | null = null
    for (const list of lists) {
      if (candidates === null && remaining < least) candidates = this.#touched.slice(0, touched).sort()
      if (candidates === null) touched = this.#addToAll(list, norms, readable, touched)
      else {
        candidates = candidates.filter((passage) => this.#sums[passage]! + remaining >= least)
        this.#addTo(candidates, list, norms)
      }
      remaining -= list.bound
      const summed: Int32Array = candidates ?? this.#touched.subarray(0, touched)
      // No sum is greater than what the lists so far could give: before that is more than the rest, nothing can be left out.
      if (summed.length >= count && reachable - remaining > remaining) least = Math.max(least, greatestBut(count - 1, summed, this.#sums) - slack)
    }
    const scored: { passage: number; score: number }[] = []
    for (const passage of candidates ?? this.#touched.subarray(0, touched)) {
      if (this.#sums[passage]! < least) continue
      const score = exactScore(terms, passage, norms)
      if (score >= minimum) scored.push({ passage, score })
    }
    for (let at = 0; at < touched; at++) this.#sums[this.#touched[at]!] = 0
    return scored
  }

  /** Adds a list's gains to every readable passage; gives the number of passages that have a sum now. */
  #addToAll({ postings, coefficient }: Gains, norms: Float64Array, readable: Uint8Array, alreadyTouched: number): number {
    const sums = this.#sums
    let touched = alreadyTouched
    for (const posting of postings) {
      const passage = passageOf(posting)
      if (readable[passage] !== 1) continue
      const frequency = frequencyOf(posting)
      const sum = sums[passage]!
      if (sum === 0) this.#touched[touched++] = passage
      sums[passage] = sum + (coefficient * frequency) / (frequency + norms[passage]!)
    }
    return touched
  }

  /** Adds a list's gains to these passages, which are in rising order. */
  #addTo(passages: Int32Array, { postings, coefficient }: Gains, norms: Float64Array): void {
    const sparse = passages.length * lookUpCost < postings.length
    let at = 0
    for (const passage of passages) {
      if (sparse) at = lowerBound(postings, passage, at)
      else while (at < postings.length && passageOf(postings[at]!) < passage) at++
      if (at === postings.length) return
      const posting = postings[at]!
      if (passageOf(posting) !== passage) continue
      const frequency = frequencyOf(posting)
      this.#sums[passage]! += (coefficient * frequency) / (frequency + norms[passage]!)
    }
  }
}

/** The terms by posting list, those that can give most first. */
function mergeParts(terms: readonly ScoredTerm[]): Gains[] {
  const lists = new Map<number, Gains>()
  for (const { term, postings, factor, greatest, most, share } of terms) {
    const coefficient = (factor / most) * share
    const known = lists.get(term)
    if (known) {
      known.coefficient += coefficient
      known.bound += coefficient * greatest
    } else lists.set(term, { postings, coefficient, bound: coefficient * greatest })
  }
  return [...lists.values()].sort((one, other) => other.bound - one.bound)
}

/** The score as the formula says it: each part's gains in the order of its terms, divided by the most, times the share; then the parts. */
function exactScore(terms: readonly ScoredTerm[], passage: number, norms: Float64Array): number {
  let score = 0
  for (let at = 0; at < terms.length; ) {
    const { part, most, share } = terms[at]!
    let sum = 0
    for (; at < terms.length && terms[at]!.part === part; at++) {
      const { postings, factor } = terms[at]!
      const frequency = frequencyIn(postings, passage)
      if (frequency > 0) sum += (factor * frequency) / (frequency + norms[passage]!)
    }
    score += (sum / most) * share
  }
  return score
}

/** The sum that only `rank` others exceed, of more passages than that; by a heap of the greatest, the least of them on top. */
function greatestBut(rank: number, passages: Int32Array, sums: Float64Array): number {
  const heap = new Float64Array(rank + 1)
  for (let at = 0; at <= rank; at++) heap[at] = sums[passages[at]!]!
  heap.sort()
  for (let at = rank + 1; at < passages.length; at++) {
    const sum = sums[passages[at]!]!
    if (sum <= heap[0]!) continue
    let place = 0
    for (let child = 1; child <= rank; child = place * 2 + 1) {
      if (child < rank && heap[child + 1]! < heap[child]!) child++
      if (heap[child]! >= sum) break
      heap[place] = heap[child]!
      place = child
    }
    heap[place] = sum
  }
  return heap[0]!
}

/**
 * For each term of an index the passages in which it stands, by number in rising order, each with how often. All of them lie in one Uint32Array,
 * a list's in one piece: adding a posting touches no object of its own, which makes building some ten times quicker than a list a term.
 */

const frequencyBits = 12
/** Frequencies above this count as this: BM25 hardly tells 4095 from more. */
export const mostFrequent = (1 << frequencyBits) - 1
/** Numbers of passages are below this. */
export const passageLimit = 2 ** (32 - frequencyBits)
const firstCapacity = 4

/** The passage's number in a posting. */
export const passageOf = (posting: number): number => posting >>> frequencyBits
/** The term's frequency in a posting. */
export const frequencyOf = (posting: number): number => posting & mostFrequent

const toPosting = (passage: number, frequency: number): number => ((passage << frequencyBits) | Math.min(frequency, mostFrequent)) >>> 0

export class PostingLists {
  #postings = new Uint32Array(4096)
  /** Places from here on are free; those that a list left when it grew stay unused until `renumber`. */
  #end = 0
  /** By term: where its list begins, how long it is and how long it can get there. */
  #starts = new Uint32Array(1024)
  #lengths = new Uint32Array(1024)
  #capacities = new Uint32Array(1024)

  /** A term's postings as they are now; not to be changed, and not to be kept beyond the next `add`. */
  of(term: number): Uint32Array {
    if (term >= this.#starts.length) return this.#postings.subarray(0, 0)
    const start = this.#starts[term]!
    return this.#postings.subarray(start, start + this.#lengths[term]!)
  }

  /** Adds a passage with a higher number than those before it. */
  add(term: number, passage: number, frequency: number): void {
    if (term >= this.#starts.length) this.#makeRoomForTerms(term + 1)
    const length = this.#lengths[term]!
    if (length === this.#capacities[term]!) this.#move(term, length)
    this.#postings[this.#starts[term]! + length] = toPosting(passage, frequency)
    this.#lengths[term] = length + 1
  }

  /** Gives every passage its new number, which must keep their order; those whose number is negative go. */
  renumber(numbers: Int32Array): void {
    const before = this.#postings
    let count = 0
    for (const length of this.#lengths) count += Math.max(length, 1)
    const postings = new Uint32Array(Math.ceil(count * 1.25) + 4096)
    let end = 0
    for (let term = 0; term < this.#starts.length; term++) {
      const from = this.#starts[term]!
      const to = from + this.#lengths[term]!
      const start = end
      for (let at = from; at < to; at++) {
        const passage = numbers[passageOf(before[at]!)]!
        if (passage >= 0) postings[end++] = toPosting(passage, frequencyOf(before[at]!))
      }
      this.#starts[term] = start
      this.#lengths[term] = end - start
      this.#capacities[term] = end - start
    }
    this.#postings = postings
    this.#end = end
  }

  /** Puts a list that is full at the end, with twice the room. */
  #move(term: number, length: number): void {
    const capacity = Math.max(firstCapacity, length * 2)
    if (this.#end + capacity > this.#postings.length) {
      const larger = new Uint32Array(Math.max(this.#end + capacity, Math.ceil(this.#postings.length * 2)))
      larger.set(this.#postings)
      this.#postings = larger
    }
    const start = this.#starts[term]!
    this.#postings.copyWithin(this.#end, start, start + length)
    this.#starts[term] = this.#end
    this.#capacities[term] = capacity
    this.#end += capacity
  }

  #makeRoomForTerms(count: number): void {
    const larger = (before: Uint32Array): Uint32Array<ArrayBuffer> => {
      const after = new Uint32Array(Math.max(count, before.length * 2))
      after.set(before)
      return after
    }
    this.#starts = larger(this.#starts)
    this.#lengths = larger(this.#lengths)
    this.#capacities = larger(this.#capacities)
  }
}

/** The term's frequency in a passage, 0 where it does not stand. */
export function frequencyIn(postings: Uint32Array, passage: number): number {
  const at = lowerBound(postings, passage, 0)
  if (at === postings.length) return 0
  const posting = postings[at]!
  return passageOf(posting) === passage ? frequencyOf(posting) : 0
}

/** The first place from `from` on whose passage is not below this one, or the length. Steps that double find near ones soonest. */
export function lowerBound(postings: Uint32Array, passage: number, from: number): number {
  let low = from
  let step = 1
  while (low + step < postings.length && passageOf(postings[low + step]!) < passage) {
    low += step
    step *= 2
  }
  let high = Math.min(low + step, postings.length)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (passageOf(postings[middle]!) < passage) low = middle + 1
    else high = middle
  }
  return low
}

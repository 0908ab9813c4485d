/** The page, from 1, on which an offset lies. `pageStarts` are the offsets at which the pages begin, in order; before the first it is page 1. */
export function pageAt(pageStarts: readonly number[], offset: number): number {
  let low = 0
  let high = pageStarts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((pageStarts[middle] ?? Infinity) <= offset) low = middle + 1
    else high = middle
  }
  return Math.max(1, low)
}

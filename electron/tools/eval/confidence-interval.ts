/** Wilson's score interval of a share (Wilson 1927), 95 %: the sets are small, and a share alone would promise too much. */
export function wilsonInterval(hits: number, trials: number): [number, number] {
  if (trials === 0) return [0, 1]
  const z = 1.959964
  const share = hits / trials
  const scale = 1 + (z * z) / trials
  const middle = (share + (z * z) / (2 * trials)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

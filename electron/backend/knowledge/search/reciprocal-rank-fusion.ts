/** Rank constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). */
export const rankConstant = 60

/**
 * Joins ranked lists (best first, without repeats) into one. A score is the sum of weight / (60 + rank) over the lists, divided by the most
 * that can be reached, so that first place in every list is 1. A list without a weight counts 1.
 */
export function reciprocalRankFusion<Item>(lists: readonly (readonly Item[])[], weights: readonly number[] = []): { item: Item; score: number }[] {
  const scores = new Map<Item, number>()
  let most = 0
  for (const [number, list] of lists.entries()) {
    const weight = weights[number] ?? 1
    most += weight / (rankConstant + 1)
    for (const [index, item] of list.entries()) scores.set(item, (scores.get(item) ?? 0) + weight / (rankConstant + index + 1))
  }
  return [...scores].map(([item, score]) => ({ item, score: score / most })).sort((one, other) => other.score - one.score)
}

/** Measures of a ranked list against graded judgements; definitions of the evaluation sets' README. Grades are 0 to 3; good is 2 or more. */

/** Grade by document. */
export type Judgements = ReadonlyMap<string, number>

const goodGrade = 2
const gain = (grade: number): number => 2 ** grade - 1
const discount = (rank: number): number => Math.log2(rank + 2)

/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002; gain 2^grade - 1). 0 to 1. */
export function ndcg10(ranked: readonly string[], judgements: Judgements): number {
  const sum = (grades: readonly number[]): number => grades.slice(0, 10).reduce((total, grade, rank) => total + gain(grade) / discount(rank), 0)
  const ideal = sum([...judgements.values()].sort((one, other) => other - one))
  return ideal === 0 ? 0 : sum(ranked.map((id) => judgements.get(id) ?? 0)) / ideal
}

/** Good documents among the first three, of those that could be there. 0 to 1. */
export function recall3(ranked: readonly string[], judgements: Judgements): number {
  const good = [...judgements.values()].filter((grade) => grade >= goodGrade).length
  const found = ranked.slice(0, 3).filter((id) => (judgements.get(id) ?? 0) >= goodGrade).length
  return good === 0 ? 0 : found / Math.min(3, good)
}

/** One over the rank of the first good document among ten; 0 without one. */
export function reciprocalRank10(ranked: readonly string[], judgements: Judgements): number {
  const rank = ranked.slice(0, 10).findIndex((id) => (judgements.get(id) ?? 0) >= goodGrade)
  return rank < 0 ? 0 : 1 / (rank + 1)
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

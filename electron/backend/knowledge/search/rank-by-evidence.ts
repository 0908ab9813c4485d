/**
 * The order of sections for a question, from three ways of finding them: by meaning (cosine), by keyword (BM25 over whole sections) and by
 * the conditions that its words may point to.
 *
 * Meaning and keyword are joined by reciprocal rank fusion (Cormack et al. 2009, k = 60). How much the conditions count depends on how directly
 * the documents answer: a question in a text's own words ("treatment of hypertension") is left to them; a complaint in lay words ("my mouth has
 * turned to one side") shares few words with any text, and there the thesaurus leads.
 */
import { reciprocalRankFusion } from './reciprocal-rank-fusion.js'

/** Scores by section, 0 to 1: cosine; share of the reachable BM25; share of the question that a condition's words hold. */
export interface Evidence<Item> {
  byVector: ReadonlyMap<Item, number>
  byKeyword: ReadonlyMap<Item, number>
  byCondition: ReadonlyMap<Item, number>
  /** Greatest share of the reachable BM25 that any section has of the question's own words, without what was added to them. */
  ownWordsShare: number
}

/** Measured on the judged sets (see docs/benchmarks.md); the results change little around them. */
const keywordWeight = 0.8
/** Product of the best cosine and the share of the question's own words from which a question counts as asked in the documents' own words. */
const directAnswer = 0.25
/** Best cosine taken when there is no model: the middle of what questions reach. */
const assumedCosine = 0.65
/** Share of the question from which a condition's words say anything. */
const tellingShare = 0.15
/** What the documents' own evidence counts even where the conditions lead. */
const leastDirect = 0.1

/** What was found, best first, with scores between 0 and 1. */
export function rankByEvidence<Item>({ byVector, byKeyword, byCondition, ownWordsShare }: Evidence<Item>): { item: Item; score: number }[] {
  const fused = reciprocalRankFusion([inOrder(byVector), inOrder(byKeyword)], [1, keywordWeight])
  const greatestFused = fused[0]?.score ?? 1
  const greatestShare = greatest(byCondition)
  const directness = Math.min(1, (ownWordsShare * (byVector.size > 0 ? greatest(byVector) : assumedCosine)) / directAnswer)
  const direct = leastDirect + directness
  const conditional = (1 - directness) * Math.min(1, greatestShare / tellingShare)
  const totals = new Map<Item, number>()
  for (const { item, score } of fused) totals.set(item, (direct * score) / greatestFused)
  for (const [item, share] of byCondition) totals.set(item, (totals.get(item) ?? 0) + (conditional * share) / (greatestShare || 1))
  const most = direct + conditional
  return [...totals].map(([item, score]) => ({ item, score: score / most })).sort((one, other) => other.score - one.score)
}

function inOrder<Item>(scores: ReadonlyMap<Item, number>): Item[] {
  return [...scores].sort((one, other) => other[1] - one[1]).map(([item]) => item)
}

function greatest(scores: ReadonlyMap<unknown, number>): number {
  let most = 0
  for (const score of scores.values()) most = Math.max(most, score)
  return most
}

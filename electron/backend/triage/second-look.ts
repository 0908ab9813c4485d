import type { TriageLevel } from '../../../shared/contract/conversations.js'

export type Level = TriageLevel

/** A feature's weight for each level, in the order of `levels`. */
export type Weights = readonly [number, number, number]

export const levels = ['emergency', 'urgent', 'routine'] as const

/** How likely each level is, adding up to 1. */
export type LevelShares = Readonly<Record<Level, number>>

/** The shares of an utterance with these features; what is not in the weights counts nothing. */
export function levelShares(features: Iterable<string>, weights: ReadonlyMap<string, Weights>): LevelShares {
  const sums: [number, number, number] = [...(weights.get('bias') ?? [0, 0, 0])]
  let known = 0
  const found: Weights[] = []
  for (const feature of features) {
    const entry = weights.get(feature)
    if (entry) {
      known += 1
      found.push(entry)
    }
  }
  const scale = 1 / Math.sqrt(Math.max(1, known))
  for (const entry of found) for (let level = 0; level < 3; level += 1) sums[level as 0 | 1 | 2] += entry[level as 0 | 1 | 2] * scale
  const top = Math.max(...sums)
  const powers = sums.map((sum) => Math.exp(sum - top))
  const total = powers.reduce((left, right) => left + right, 0)
  const share = (index: number): number => (powers[index] ?? 0) / total
  return { emergency: share(0), urgent: share(1), routine: share(2) }
}

/**
 * From this share on the second look calls an emergency what the rules did not: less is needed when a rule has found a same-day problem than when no
 * rule knows the words at all. Chosen by cross-validation over the labelled cases.
 */
export const emergencyShare = { urgent: 0.4, routine: 0.44 } as const
/** Below this share of routine it is not left at routine. */
export const routineShare = 0.62
/** From this share of routine on, an emergency of the rules is taken for talk about a thing, not the thing, and shown as a same-day problem. */
export const doubtShare = 0.7

/** The level after the second look. It raises freely; it lowers only an emergency to a same-day problem, when the cases say with great weight that none is meant, and a catch-all rule. */
export function secondLevel(byRules: Level, shares: LevelShares, byCatchAll = false): Level {
  if (byCatchAll && shares.routine >= doubtShare) return 'routine'
  if (byRules === 'emergency') return shares.routine >= doubtShare ? 'urgent' : 'emergency'
  if (shares.emergency >= emergencyShare[byRules]) return 'emergency'
  return byRules === 'urgent' || shares.routine < routineShare ? 'urgent' : 'routine'
}

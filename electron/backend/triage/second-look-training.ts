import { levels, type Level, type Weights } from './second-look.js'

export interface LabelledCase {
  readonly features: ReadonlySet<string>
  readonly level: Level
}

export interface TrainingOptions {
  /** Passes over the cases. */
  readonly passes: number
  readonly step: number
  /** Pull of each weight towards zero, whenever it is touched. */
  readonly shrink: number
  /** A feature counts from this many cases on; two neighbouring words from one more. */
  readonly leastCases: number
  /** How much a case of each level weighs, in the order of `levels`. */
  readonly importance: readonly [number, number, number]
}

export const trainingOptions: TrainingOptions = { passes: 30, step: 0.5, shrink: 0.002, leastCases: 1, importance: [1, 1, 1.2] }

/**
 * Multinomial logistic regression with per-feature steps (AdaGrad), the mean over the later half of the passes, deterministic for the same cases in the
 * same order.
 * @returns weights rounded to two decimals, features that matter only
 */
export function trainSecondLook(cases: readonly LabelledCase[], options: TrainingOptions = trainingOptions): Map<string, Weights> {
  const index = indexFeatures(cases, options.leastCases)
  const size = index.size + 1
  const weights = new Float64Array(size * 3)
  const squares = new Float64Array(size * 3).fill(1e-6)
  const rows = cases.map((entry) => ({
    columns: Int32Array.from([...entry.features].flatMap((feature) => index.get(feature) ?? [])),
    level: levels.indexOf(entry.level),
  }))
  const order = rows.map((_, at) => at)
  const summed = new Float64Array(size * 3)
  const firstSummed = Math.floor(options.passes / 2)
  let seed = 20_241
  for (let pass = 0; pass < options.passes; pass += 1) {
    for (let at = order.length - 1; at > 0; at -= 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      const other = seed % (at + 1)
      const held = order[at] ?? 0
      order[at] = order[other] ?? 0
      order[other] = held
    }
    for (const at of order) {
      const row = rows[at]
      if (row) learn(row.columns, row.level, weights, squares, options)
    }
    if (pass >= firstSummed) for (let at = 0; at < summed.length; at += 1) summed[at] = (summed[at] ?? 0) + (weights[at] ?? 0)
  }
  const mean = summed.map((sum) => sum / Math.max(1, options.passes - firstSummed))
  const result = new Map<string, Weights>([['bias', triple(mean, 0)]])
  for (const [feature, column] of index) {
    const entry = triple(mean, column)
    if (entry.some((value) => Math.abs(value) >= 0.05)) result.set(feature, entry)
  }
  return result
}

function learn(columns: Int32Array, level: number, weights: Float64Array, squares: Float64Array, options: TrainingOptions): void {
  const scale = 1 / Math.sqrt(Math.max(1, columns.length))
  const sums = [weights[0] ?? 0, weights[1] ?? 0, weights[2] ?? 0]
  for (const column of columns) for (let other = 0; other < 3; other += 1) sums[other] = (sums[other] ?? 0) + (weights[column * 3 + other] ?? 0) * scale
  const top = Math.max(...sums)
  const powers = sums.map((sum) => Math.exp(sum - top))
  const total = powers.reduce((left, right) => left + right, 0)
  for (let other = 0; other < 3; other += 1) {
    const error = ((powers[other] ?? 0) / total - (other === level ? 1 : 0)) * (options.importance[level] ?? 1)
    update(other, error, weights, squares, options)
    for (const column of columns) update(column * 3 + other, error * scale, weights, squares, options)
  }
}

function update(at: number, slope: number, weights: Float64Array, squares: Float64Array, options: TrainingOptions): void {
  const gradient = slope + options.shrink * (weights[at] ?? 0)
  squares[at] = (squares[at] ?? 0) + gradient * gradient
  weights[at] = (weights[at] ?? 0) - (options.step * gradient) / Math.sqrt(squares[at] ?? 1)
}

function indexFeatures(cases: readonly LabelledCase[], leastCases: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const entry of cases) for (const feature of entry.features) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  const kept = [...counts].filter(([feature, count]) => count >= (feature.startsWith('b:') ? leastCases + 1 : leastCases)).map(([feature]) => feature).sort()
  return new Map(kept.map((feature, at) => [feature, at + 1]))
}

function triple(weights: Float64Array, column: number): Weights {
  const rounded = (at: number): number => Math.round((weights[column * 3 + at] ?? 0) * 100) / 100
  return [rounded(0), rounded(1), rounded(2)]
}

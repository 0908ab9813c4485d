/** Timings as distributions, and their ratio to a reference measured in the same run: machines differ and are noisy, ratios stay. */

export interface Distribution {
  p50: number
  p99: number
  samples: number
}

export interface BenchResult {
  name: string
  /** Milliseconds unless `unit` says otherwise. */
  value: Distribution
  unit: 'ms' | 'MB'
  /** What it is held against, measured in the same run. */
  reference: { name: string; value: Distribution } | null
  note?: string
}

/** Runs something `samples` times after a warm-up; gives milliseconds. */
export async function time(samples: number, run: (index: number) => Promise<unknown>, warmUp = Math.min(10, samples)): Promise<Distribution> {
  for (let index = 0; index < warmUp; index++) await run(-1 - index)
  const durations: number[] = []
  for (let index = 0; index < samples; index++) {
    const startedAt = performance.now()
    await run(index)
    durations.push(performance.now() - startedAt)
  }
  return distribution(durations)
}

/** Runs several things in turns, so that what else the machine does meets them alike; gives milliseconds of each, in order. */
export async function timeInTurns(rounds: number, runs: readonly ((round: number) => unknown)[], warmUp = 5): Promise<Distribution[]> {
  const durations = runs.map((): number[] => [])
  for (let round = -warmUp; round < rounds; round++) {
    for (const [at, run] of runs.entries()) {
      const startedAt = performance.now()
      await run(round)
      if (round >= 0) durations[at]?.push(performance.now() - startedAt)
    }
  }
  return durations.map(distribution)
}

/** Median and 99th percentile of values. */
export function distribution(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), samples: sorted.length }
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2))

/** The results as a Markdown table. */
export function toMarkdown(results: readonly BenchResult[]): string {
  const rows = results.map(({ name, value, unit, reference, note }) => {
    const ratio = reference ? `${round(value.p50 / reference.value.p50)} × ${reference.name} (${round(reference.value.p50)} ${unit})` : '–'
    return `| ${name} | ${round(value.p50)} ${unit} | ${value.samples > 1 ? `${round(value.p99)} ${unit}` : '–'} | ${ratio} | ${note ?? ''} |`
  })
  return ['| what | p50 | p99 | against | note |', '|---|---|---|---|---|', ...rows].join('\n')
}

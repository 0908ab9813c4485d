import type { GroupHit } from './word-groups.js'
import type { Token } from './tokenise.js'

/** What the features of an utterance are made of. */
export interface FeatureSource {
  readonly tokens: readonly Token[]
  readonly hits: readonly GroupHit[]
  /** Cues of the past, questions, negation… that stand in the text, by scope. */
  readonly cues: readonly string[]
  /** Whether a token stands in a clause that is past, asked about, told or figurative. */
  readonly isShaded: (token: number) => boolean
  readonly fillers: ReadonlySet<string>
}

/** How near a word of loss ("cannot", "plus", "refuses") stands to the function it takes away. */
const lossBefore = 4
const lossAfter = 3
const stemLength = 5
const openingWords = 3
const closingWords = 5
/** Texts of up to three words, six and so on are told apart: a bare name of a small trouble must not weigh like a story cut short. */
const lengthSteps = [3, 6, 10, 16]

/**
 * The features of an utterance, each once: words, their stems, pairs of neighbours, word groups, group taken away, two groups together, cues.
 * Names are readable: `w:` word, `s:` stem, `b:` neighbours, `g:` group, `n:` function lost, `p:` two groups, `x:` cue, `q:` group in a shaded clause, `l:` length.
 */
export function secondLookFeatures(source: FeatureSource): Set<string> {
  const features = new Set<string>()
  addWords(source, features)
  addGroups(source, features)
  for (const cue of source.cues) features.add(`x:${cue}`)
  features.add(`l:${lengthSteps.filter((step) => source.tokens.length > step).length}`)
  return features
}

function addWords({ tokens, fillers }: FeatureSource, features: Set<string>): void {
  let previous = '^'
  const first = tokens[0]?.word
  if (first !== undefined) features.add(`f:${first}`)
  for (const { word, number } of tokens) {
    if (fillers.has(word) && number === null) continue
    const name = number === null || !/\d/u.test(word) ? word : '#'
    features.add(`w:${name}`)
    if (name.length > stemLength) features.add(`s:${name.slice(0, stemLength)}`)
    features.add(`b:${previous}_${name}`)
    previous = name
  }
}

function addGroups({ tokens, hits, isShaded }: FeatureSource, features: Set<string>): void {
  const losses = hits.filter((hit) => hit.group === 'lost').map((hit) => hit.from)
  const named = hits.filter((hit) => hit.group !== 'lost')
  const states = named.map((hit) => {
    const isLost = losses.some((at) => (at < hit.from && hit.from - at <= lossBefore) || (at >= hit.to && at - hit.to < lossAfter)) && !isBroken(tokens, hit, losses)
    const shade = isShaded(hit.from) ? 'q' : 'g'
    features.add(`${shade}:${hit.group}`)
    if (hit.from < openingWords) features.add(`o:${hit.group}`)
    if (hit.from >= tokens.length - closingWords) features.add(`e:${hit.group}`)
    if (isLost) features.add(`n:${hit.group}`)
    return { ...hit, name: `${isLost ? '-' : ''}${hit.group}${shade === 'q' ? '?' : ''}` }
  })
  const shaded = states.filter((state) => state.name.endsWith('?')).length
  features.add(`z:${shaded === 0 ? 'none' : shaded === states.length ? 'all' : 'some'}`)
  states.forEach((left, index) => {
    for (const right of states.slice(index + 1)) {
      if (left.group === right.group || left.from === right.from) continue
      features.add(left.group < right.group ? `p:${left.name}+${right.name}` : `p:${right.name}+${left.name}`)
      features.add(left.group < right.group ? `p:${left.group}+${right.group}` : `p:${right.group}+${left.group}`)
    }
  })
}

/** Whether punctuation stands between a function and each word of loss near it. */
function isBroken(tokens: readonly Token[], hit: GroupHit, losses: readonly number[]): boolean {
  return losses
    .filter((at) => (at < hit.from && hit.from - at <= lossBefore) || (at >= hit.to && at - hit.to < lossAfter))
    .every((at) => tokens.slice(Math.min(at, hit.from) + 1, Math.max(at, hit.from) + 1).some((token) => token.afterPunctuation))
}

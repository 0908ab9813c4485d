/**
 * How near each sentence of the chosen passages comes to a question, by the embedding model, within a budget of time: an answer from the passages
 * must not wait. The model reads English; French goes to it glossed by the lexicon, question and sentence alike. Vectors are remembered.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { Lexicon } from '../language/lexicon.js'
import { RecentMap } from '../search/recent-map.js'

export interface SentenceNearnessParts {
  /** Normalised vectors of texts. */
  embed: (texts: readonly string[]) => Promise<Float32Array[]>
  lexicon: Lexicon
  /** Milliseconds that may be spent. */
  budgetMs?: number
}

const defaultBudgetMs = 110
/** Sentences made at once: small enough that the budget is kept. */
const batchSize = 8
const rememberedSentences = 5_000

export class SentenceNearness {
  readonly #parts: Required<SentenceNearnessParts>
  readonly #vectors = new RecentMap<string, Float32Array>(rememberedSentences)

  constructor(parts: SentenceNearnessParts) {
    this.#parts = { budgetMs: defaultBudgetMs, ...parts }
  }

  /** Cosines by the sentence's text, of as many as the budget allows, in the order given. */
  async of(question: string, language: Language, sentences: readonly { text: string; lang: Language }[]): Promise<Map<string, number>> {
    const { budgetMs, embed } = this.#parts
    const begun = performance.now()
    const inTime = (): boolean => performance.now() - begun < budgetMs
    const nearness = new Map<string, number>()
    const asked = await this.#vectorsOf([this.#readable(question, language)], embed)
    const [target] = asked
    if (!target) return nearness
    const texts = sentences.map(({ text, lang }) => ({ text, readable: this.#readable(text, lang) })).filter(({ readable }) => readable.trim() !== '')
    for (let at = 0; at < texts.length && inTime(); at += batchSize) {
      const batch = texts.slice(at, at + batchSize)
      const vectors = await this.#vectorsOf(batch.map(({ readable }) => readable), embed)
      for (const [index, { text }] of batch.entries()) {
        const vector = vectors[index]
        if (vector) nearness.set(text, cosine(target, vector))
      }
    }
    return nearness
  }

  #readable(text: string, language: Language): string {
    return language === 'en' ? text : this.#parts.lexicon.toEnglish(text, language)
  }

  async #vectorsOf(texts: readonly string[], embed: SentenceNearnessParts['embed']): Promise<(Float32Array | undefined)[]> {
    const missing = [...new Set(texts.filter((text) => this.#vectors.get(text) === undefined))]
    if (missing.length > 0) {
      const made = await embed(missing)
      for (const [index, text] of missing.entries()) {
        const vector = made[index]
        if (vector) this.#vectors.set(text, vector)
      }
    }
    return texts.map((text) => this.#vectors.get(text))
  }
}

function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0)
  return sum
}

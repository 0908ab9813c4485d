/**
 * Which terms passages hold. The passages of every section that is shown are asked for the question's terms, some hundreds at each search; a
 * passage's text is read at the first time alone.
 */
import type { IndexedPassage } from '../passages/document.js'
import { TermDictionary } from './term-dictionary.js'

export class PassageTerms {
  readonly #dictionaries = { en: new TermDictionary('en'), fr: new TermDictionary('fr') }
  /** The numbers of a passage's terms. */
  readonly #terms = new WeakMap<IndexedPassage, ReadonlySet<number>>()

  /** Whether the heading or the text of a passage holds a term, as `textTerms` gives it. */
  holds(passage: IndexedPassage, term: string): boolean {
    let held = this.#terms.get(passage)
    if (!held) this.#terms.set(passage, (held = new Set(this.#dictionaries[passage.lang].read(`${passage.heading} ${passage.content}`))))
    const number = this.#dictionaries[passage.lang].find(term)
    return number !== undefined && held.has(number)
  }
}

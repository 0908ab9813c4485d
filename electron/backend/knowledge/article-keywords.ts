/** The words by which people call what the public documents are about: a question with one of them is searched for. */
import type { IndexedPassage } from './document.js'
import { PhraseMatcher } from './phrase-matcher.js'

export class ArticleKeywords {
  readonly #matchers = { en: new PhraseMatcher<true>('en'), fr: new PhraseMatcher<true>('fr') }

  constructor(passages: readonly IndexedPassage[]) {
    const seen = new Set<string>()
    for (const { documentId, lang, audience, title, keywords } of passages) {
      const key = `${lang}/${documentId}`
      if (audience !== 'public' || seen.has(key)) continue
      seen.add(key)
      for (const phrase of [title, ...keywords]) this.#matchers[lang].add(phrase, true)
    }
  }

  /** Whether a title or keyword of either language occurs in the text. */
  occurIn(text: string): boolean {
    return this.#matchers.en.occursIn(text) || this.#matchers.fr.occursIn(text)
  }
}

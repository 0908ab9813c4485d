/** The words by which people call what the public documents are about: a question with one of them is searched for. */
import type { Language } from '../../../../shared/contract/common.js'
import type { IndexedPassage } from '../passages/document.js'
import { PhraseMatcher } from '../language/phrase-matcher.js'

export class ArticleKeywords {
  readonly #matchers = { en: new PhraseMatcher<true>('en'), fr: new PhraseMatcher<true>('fr') }
  readonly #exactMatchers = { en: new PhraseMatcher<true>('en', { exact: true }), fr: new PhraseMatcher<true>('fr', { exact: true }) }

  constructor(passages: readonly IndexedPassage[]) {
    const seen = new Set<string>()
    for (const { documentId, lang, audience, title, keywords } of passages) {
      const key = `${lang}/${documentId}`
      if (audience !== 'public' || seen.has(key)) continue
      seen.add(key)
      for (const phrase of [title, ...keywords]) {
        this.#matchers[lang].add(phrase, true)
        this.#exactMatchers[lang].add(phrase, true)
      }
    }
  }

  /** Whether a title or keyword occurs in the text; the other language's count as they stand. */
  occurIn(text: string, language: Language): boolean {
    return this.#matchers[language].occursIn(text) || this.#exactMatchers[language === 'en' ? 'fr' : 'en'].occursIn(text)
  }
}

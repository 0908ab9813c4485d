/** The words by which people call what the public documents are about: a question with one of them is searched for. */
import type { Language } from '../../../../shared/contract/common.js'
import { PhraseMatcher } from '../language/phrase-matcher.js'

export class ArticleKeywords {
  readonly #matchers = { en: new PhraseMatcher<true>('en'), fr: new PhraseMatcher<true>('fr') }
  readonly #exactMatchers = { en: new PhraseMatcher<true>('en', { exact: true }), fr: new PhraseMatcher<true>('fr', { exact: true }) }

  constructor(documents: readonly { lang: Language; title: string; keywords: readonly string[] }[]) {
    for (const { lang, title, keywords } of documents) {
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

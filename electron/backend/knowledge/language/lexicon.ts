/**
 * The medical lexicon: French words and phrases with an English gloss (the embedding model knows only English), and lay English with the
 * words that documents use. It glosses a query before embedding, widens its keywords, and tells a medical question from small talk.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Language } from '../../../../shared/contract/common.js'
import { foldText } from './fold-text.js'
import { readYaml } from './parsed-yaml.js'
import { PhraseMatcher } from './phrase-matcher.js'
import { isStopWord } from './stop-words.js'

const phrases = z.array(z.string().trim().min(1)).min(1)
/** `medical: false` marks an everyday word that is only there for its gloss; an empty gloss one that needs no other word. */
const glossEntry = z.object({ say: phrases, gloss: z.string().trim(), medical: z.boolean().default(true) })
const glossFile = z.array(glossEntry)
const smallTalkFile = z.object({ en: phrases, fr: phrases })

type GlossEntry = z.infer<typeof glossEntry>

export class Lexicon {
  readonly #gloss: Record<Language, PhraseMatcher<GlossEntry>>
  readonly #exactWords: Record<Language, PhraseMatcher<GlossEntry>>
  readonly #smallTalk: Record<Language, PhraseMatcher<true>>
  readonly #phrases: Record<Language, readonly string[]>

  private constructor(french: readonly GlossEntry[], english: readonly GlossEntry[], smallTalk: z.infer<typeof smallTalkFile>) {
    this.#gloss = { en: glossMatcher('en', english), fr: glossMatcher('fr', french) }
    this.#exactWords = { en: glossMatcher('en', english, true), fr: glossMatcher('fr', french, true) }
    const said = (entries: readonly GlossEntry[]): string[] => entries.flatMap((entry) => entry.say)
    this.#phrases = { en: [...said(english), ...english.map((entry) => entry.gloss), ...french.map((entry) => entry.gloss), ...smallTalk.en], fr: [...said(french), ...smallTalk.fr] }
    this.#smallTalk = { en: new PhraseMatcher('en'), fr: new PhraseMatcher('fr') }
    for (const phrase of smallTalk.en) this.#smallTalk.en.add(phrase, true)
    for (const phrase of smallTalk.fr) this.#smallTalk.fr.add(phrase, true)
  }

  /** Reads the folder fr-en, en-lay.yaml and small-talk.yaml; `cacheFolder` keeps what they parse to. Throws when one is missing or not valid. */
  static async load(folder: string, cacheFolder: string | null = null): Promise<Lexicon> {
    const read = async <Value>(name: string, schema: z.ZodType<Value>): Promise<Value> => schema.parse(await readYaml(join(folder, name), cacheFolder))
    const frenchFiles = (await readdir(join(folder, 'fr-en'))).filter((name) => name.endsWith('.yaml')).sort()
    const [french, english, smallTalk] = await Promise.all([
      Promise.all(frenchFiles.map((name) => read(join('fr-en', name), glossFile))),
      read('en-lay.yaml', glossFile),
      read('small-talk.yaml', smallTalkFile),
    ])
    if (french.length === 0) throw new Error('the lexicon has no French file')
    return new Lexicon(french.flat(), english, smallTalk)
  }

  /**
   * The query in English for embedding: French phrases glossed, the longest first, unknown words kept (medicines, names and many
   * medical words are the same in both languages); English with what its lay words mean set behind it.
   */
  toEnglish(query: string, language: Language): string {
    const matches = this.#gloss[language].match(query)
    if (language === 'en') {
      const said = foldText(query)
      const meanings = matches.flatMap(({ value }) => (value && value.gloss !== '' && !said.includes(value.gloss) ? [value.gloss] : []))
      return meanings.length === 0 ? query : `${query} (${[...new Set(meanings)].join(', ')})`
    }
    return matches
      .map(({ words, value }) => (value ? value.gloss : isStopWord(words[0] ?? '', 'fr') ? '' : words.join(' ')))
      .filter((part) => part !== '')
      .join(' ')
  }

  /** The English words of a query's known phrases, for searching the English keywords. */
  englishKeywords(query: string, language: Language): string {
    return this.#gloss[language]
      .match(query)
      .flatMap(({ value }) => (value?.medical ? [value.gloss] : []))
      .join(' ')
  }

  /** Every phrase of a language, for knowing its words. */
  phrases(language: Language): readonly string[] {
    return this.#phrases[language]
  }

  /** Whether the text holds a medical word or phrase; the other language's count as they stand, as people mix the two. */
  isMedical(text: string, language: Language): boolean {
    const isMedical = (matcher: PhraseMatcher<GlossEntry>): boolean => matcher.match(text).some(({ value }) => value?.medical === true)
    return isMedical(this.#gloss[language]) || isMedical(this.#exactWords[language === 'en' ? 'fr' : 'en'])
  }

  /** Whether a text is a greeting, thanks or a question about the assistant, and nothing else. */
  isSmallTalk(text: string): boolean {
    return (['en', 'fr'] as const).some((language) => {
      const matches = this.#smallTalk[language].match(text)
      return matches.some(({ value }) => value === true) && matches.every(({ words, value }) => value === true || isStopWord(words[0], language))
    })
  }
}

function glossMatcher(language: Language, entries: readonly GlossEntry[], exact = false): PhraseMatcher<GlossEntry> {
  const matcher = new PhraseMatcher<GlossEntry>(language, { exact })
  for (const entry of entries) for (const phrase of entry.say) matcher.add(phrase, entry)
  return matcher
}

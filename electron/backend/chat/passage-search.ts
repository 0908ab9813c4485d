/** Passages for a question, or none when it asks nothing medical or the index cannot answer: an answer is never lost to its sources. */
import type { Language } from '../../../shared/contract/common.js'
import type { ChatMessage, MessageMetadata, SearchResult } from '../../../shared/contract/conversations.js'
import type { KnowledgeService } from '../knowledge/knowledge-service.js'
import { isClinicalSummary } from '../knowledge/passages/document.js'
import type { Logger } from '../logging/logger.js'
import type { Caller } from '../transport/handlers.js'
import type { AnswerPreferences } from './answer-preferences.js'

export interface Retrieved {
  results: SearchResult[]
  metadata: Pick<MessageMetadata, 'search_results' | 'strategy' | 'cache'>
}

export interface PassageQuestion {
  person: Pick<Caller, 'userId' | 'role'>
  question: ChatMessage
  preferences: AnswerPreferences
  language: Language
}

const nothingRetrieved: Retrieved = { results: [], metadata: { cache: 'none' } }
/** A question of fewer words than this leans on the one before it. */
const fewWords = 5

export class PassageSearch {
  readonly #knowledge: Pick<KnowledgeService, 'shouldRetrieve' | 'retrieve' | 'lexicon'>
  readonly #logger: Logger

  constructor(parts: { knowledge: Pick<KnowledgeService, 'shouldRetrieve' | 'retrieve' | 'lexicon'>; logger: Logger }) {
    this.#knowledge = parts.knowledge
    this.#logger = parts.logger
  }

  /**
   * `recent` are the messages up to the question; `forProvider` leaves out what must not leave the device; `rewrite` gives another wording of a
   * question that found nothing, or null.
   */
  async find(request: PassageQuestion, recent: readonly ChatMessage[], forProvider: boolean, rewrite?: (query: string) => Promise<string | null>): Promise<Retrieved> {
    const { preferences, language, person } = request
    // Without a provider the passages are all there is, whatever the switch says.
    if (!preferences.use_rag && forProvider) return nothingRetrieved
    const query = searchQuery(request.question, recent)
    try {
      const reader = { role: person.role, userId: person.userId }
      const { document_ids: documentIds, threshold } = preferences
      // A greeting is one in the middle of a conversation too: what was asked before it is no reason to search.
      if (!documentIds && (await this.#knowledge.lexicon()).isSmallTalk(request.question.content)) return nothingRetrieved
      // Who chose documents wants to know what they say, whatever the words.
      if (!documentIds && !(await this.#knowledge.shouldRetrieve(query, language, reader))) return nothingRetrieved
      const retrieve = (words: string): ReturnType<KnowledgeService['retrieve']> =>
        this.#knowledge.retrieve({
          query: words,
          strategy: preferences.strategy,
          topK: preferences.top_k,
          language,
          ...(threshold === undefined ? {} : { threshold }),
          ...(documentIds ? { documentIds } : {}),
          reader,
        })
      let found = await retrieve(query)
      const rewritten = found.results.length === 0 ? await rewrite?.(query) : null
      if (rewritten) found = await retrieve(rewritten)
      // A record summary never leaves the device: with a provider in play it is not a source at all.
      const results = forProvider ? found.results.filter((result) => !isClinicalSummary(result.document_id)) : found.results
      return { results, metadata: { search_results: results, strategy: found.strategy, cache: found.cache } }
    } catch (error) {
      this.#logger.error({ err: error, event: 'retrieval_failed' }, 'retrieval failed; the question is answered without passages')
      return nothingRetrieved
    }
  }
}

/** Whether a text is too short to stand alone ("and for my son?"). */
export function isShort(text: string): boolean {
  return text.trim().split(/\s+/).length < fewWords
}

/** What is searched for: the question, with the one before it when it is too short to stand alone. */
function searchQuery(question: ChatMessage, recent: readonly ChatMessage[]): string {
  if (!isShort(question.content)) return question.content
  const before = recent.filter((message) => message.role === 'user' && message.message_id !== question.message_id).at(-1)
  return before ? `${before.content}\n${question.content}` : question.content
}

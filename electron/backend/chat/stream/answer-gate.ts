/**
 * What a model writes passes here before anybody sees it: sentence by sentence placeholders are replaced by what they stand for, citations are
 * checked against their passages, and the sentence against the rules of the output check. A sentence that fails is not given on.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { OutputFailure } from '../../../../shared/contract/conversations.js'
import { checkCitations } from '../citations/checked-citations.js'
import type { CitedPassage } from '../citations/citation-support.js'
import type { AnswerCheck } from '../output-check/output-check.js'
import { SentenceBuffer } from './sentence-buffer.js'

export interface AnswerGateParts {
  language: Language
  passages: readonly { text: string; cited: CitedPassage }[]
  check: AnswerCheck
  /** Puts what was concealed back. */
  restore: (text: string) => string
}

/** What may be shown, and what is wrong with the sentence after it. Once something is wrong nothing more passes. */
export interface Passed {
  text: string
  failures: OutputFailure[]
}

const listItem = /^\s*(?:[-*+•]|\d{1,3}[.)])\s/u

export class AnswerGate {
  readonly #parts: AnswerGateParts
  readonly #buffer = new SentenceBuffer()
  readonly #failures: OutputFailure[] = []
  /** The line that announces a list ("You have:"): each item is read with it. */
  #announcement = ''
  #dropped = 0

  constructor(parts: AnswerGateParts) {
    this.#parts = parts
  }

  /** Citations that were taken out so far. */
  get citationsDropped(): number {
    return this.#dropped
  }

  /** Takes a piece as the model sent it. */
  push(piece: string): Passed {
    return this.#pass(this.#buffer.push(piece))
  }

  /** The model has ended, or was ended: what is left is read as a sentence. */
  end(): Passed {
    const rest = this.#buffer.flush()
    return this.#pass(rest === '' ? [] : [rest])
  }

  #pass(sentences: readonly string[]): Passed {
    let text = ''
    for (const sentence of sentences) {
      if (this.#failures.length > 0) break
      const checked = this.#read(this.#parts.restore(sentence))
      if (checked !== null) text += checked
    }
    return { text, failures: [...this.#failures] }
  }

  /** The sentence as it is shown, or null when it fails. */
  #read(sentence: string): string | null {
    const { language, passages, check } = this.#parts
    const { text, cited, dropped } = checkCitations(sentence, language, passages.map((passage) => passage.cited))
    const held = cited.flatMap((index) => passages[index]?.text ?? [])
    const announced = this.#announcement !== '' && (listItem.test(text) || text.trim() !== '')
    const failures = new Set(check.failures(text, held))
    if (announced) for (const failure of check.failures(`${this.#announcement} ${text.replace(listItem, '')}`, held)) failures.add(failure)
    if (/[:：]\s*$/u.test(text.replace(/[*_]/g, ''))) this.#announcement = text.trim()
    else if (!listItem.test(text)) this.#announcement = ''
    this.#failures.push(...failures)
    if (failures.size > 0) return null
    this.#dropped += dropped
    return text
  }
}

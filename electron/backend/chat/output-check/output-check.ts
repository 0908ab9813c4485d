/**
 * Reads an answer of a model sentence by sentence before it is shown: a diagnosis stated, a dose without a passage that holds it, advice against
 * an allergy or a pregnancy of the person. Rules in both languages, as data; nothing of the text is kept or logged.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { OutputFailure } from '../../../../shared/contract/conversations.js'
import { AdviceCheck, type PinnedForAdvice } from './advice-check.js'
import type { AnswerRules } from './answer-rules.js'
import { DiagnosisCheck } from './diagnosis-check.js'
import { DoseCheck } from './dose-check.js'
import { MedicineNames } from './medicine-names.js'

/** What an answer is checked against. */
export interface CheckedAgainst {
  language: Language
  /** What the person wrote in this conversation. */
  messages: readonly string[]
  pinned: PinnedForAdvice & { conditions: readonly { name: string; words: string }[] }
}

/** Checks the sentences of one answer, in order. */
export interface AnswerCheck {
  /** What is wrong with a sentence; `cited` are the passages that its citations name. Empty when nothing is. */
  failures(sentence: string, cited: readonly string[]): OutputFailure[]
}

export class OutputCheck {
  readonly #diagnosis: DiagnosisCheck
  readonly #doses: DoseCheck
  readonly #advice: AdviceCheck

  constructor(rules: AnswerRules) {
    const medicines = new MedicineNames(rules.medicines)
    this.#diagnosis = new DiagnosisCheck(rules)
    this.#doses = new DoseCheck(rules.doses, medicines)
    this.#advice = new AdviceCheck(rules, medicines)
  }

  begin({ language, messages, pinned }: CheckedAgainst): AnswerCheck {
    const told = this.#diagnosis.toldIn(messages)
    for (const id of this.#diagnosis.namedIn(pinned.conditions.map((condition) => condition.name))) told.add(id)
    const named = this.#diagnosis.namedIn(messages)
    let before = ''
    return {
      failures: (sentence, cited) => {
        const failures: OutputFailure[] = []
        // A model answers in the other language now and then: its statements are looked for in both.
        const languages: readonly Language[] = language === 'en' ? ['en', 'fr'] : ['fr', 'en']
        if (languages.some((one) => this.#diagnosis.fails(sentence, one, { told, named }))) failures.push('diagnosis')
        if (this.#doses.fails(sentence, before, cited)) failures.push('uncited_dose')
        for (const one of languages) for (const failure of this.#advice.failures(sentence, one, pinned)) if (!failures.includes(failure)) failures.push(failure)
        before = sentence
        return failures
      },
    }
  }
}

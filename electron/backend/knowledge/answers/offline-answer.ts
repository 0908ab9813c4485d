/**
 * An answer without a model: the passages' own sentences, those nearest to the question, each cited, with the danger signs of the
 * document that fits best. Nothing but the fixed lines around them is the assistant's own.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { SearchResult } from '../../../../shared/contract/conversations.js'
import { foldText } from '../language/fold-text.js'
import { askedSections, sectionKind, type SectionKind } from '../articles/section-kind.js'
import { countWords, sentenceSpans } from '../passages/sentence-spans.js'
import { textTerms } from '../language/text-terms.js'

const wording = {
  en: {
    label: 'Taken from the hospital’s documents without the assistant’s model; this is not a diagnosis.',
    unreviewed: 'A clinician has not yet reviewed these documents.',
    danger: 'Danger signs: come now',
    next: 'What to do next',
    nextSteps: 'Talk to a nurse, a doctor or a pharmacist about your situation. With a danger sign, or if you feel worse, go to the emergency department now.',
    nothing: 'I found nothing in the hospital’s documents that answers this question.',
    nothingReviewed: 'I found nothing that a clinician has reviewed on this question, and this device shows nothing else. Please ask a nurse or a doctor here.',
  },
  fr: {
    label: 'Tiré des documents de l’hôpital, sans le modèle de l’assistant ; ceci n’est pas un diagnostic.',
    unreviewed: 'Un clinicien n’a pas encore relu ces documents.',
    danger: 'Signes de danger : venez tout de suite',
    next: 'Que faire maintenant',
    nextSteps: 'Parlez de votre situation à une infirmière, à un médecin ou à un pharmacien. En cas de signe de danger, ou si vous vous sentez plus mal, allez tout de suite aux urgences.',
    nothing: 'Je n’ai rien trouvé dans les documents de l’hôpital qui réponde à cette question.',
    nothingReviewed: 'Je n’ai rien trouvé sur cette question qu’un clinicien ait relu, et cet appareil ne montre rien d’autre. Adressez-vous ici à une infirmière ou à un médecin.',
  },
} as const

/** Sentences beside the danger signs. */
const sentencesInAnswer = 6
/** A document's sentences are used when its best passage reaches this share of the best score. */
const leastShareOfBest = 0.6
/** Shorter ones are list labels and remains. */
const leastWords = 4

/** How much a section's sentences are worth without a word of the question in them. */
const sectionWorth: Record<SectionKind, number> = {
  summary: 0.3,
  self_care: 0.2,
  when_to_come: 0.15,
  signs: 0.1,
  treatment: 0.05,
  avoid: 0.05,
  at_hospital: 0,
  prevention: 0,
  danger: 0,
}
const askedSectionWorth = 0.8
/** How much it counts that a sentence is of the document that fits best; of another, one must share a word with the question to be told. */
const bestDocumentWorth = 0.8
/** What a word's meaning in common counts beside the word itself. */
const meaningWorth = 0.7
/** Share of the question's words in a danger sign from which the signs come first. */
const alarmingShare = 0.5
/** Cosine from which a sentence counts as near, and what each tenth above it is worth. */
const leastNear = 0.25
const nearWorth = 1.6

interface Sentence {
  text: string
  result: number
  kind: SectionKind | null
  order: number
  terms: Set<string>
  /** Terms of its meaning in English. */
  meant?: Set<string>
  score: number
}

export interface OfflineQuestion {
  question: string
  language: Language
  results: readonly SearchResult[]
  companions: readonly SearchResult[]
  /** A text in English for the words that the lexicon knows. */
  meaning?: (text: string, language: Language) => string
  /** How near sentences are to the question by their meaning; of as many as there was time for. */
  nearness?: (sentences: readonly { text: string; lang: Language }[]) => Promise<ReadonlyMap<string, number>>
  /** Only what was reviewed was searched: said when nothing was found. */
  reviewedOnly?: boolean
}

export interface OfflineAnswer {
  /** Markdown with citations [n]; n counts the results from 1. */
  content: string
  results: SearchResult[]
}

/**
 * Puts an answer together. `results` are what was found, best first; `companions` are further passages of the best document
 * (danger signs, what to do), cited after them when a sentence of theirs is used.
 */
export async function answerOffline(options: OfflineQuestion): Promise<OfflineAnswer> {
  const { language } = options
  const words = wording[language]
  const closing = `**${words.next}**\n\n${words.nextSteps}`
  const best = options.results[0]
  if (!best) return { content: [`*${words.label}*`, options.reviewedOnly === true ? words.nothingReviewed : words.nothing, closing].join('\n\n'), results: [] }

  const near = options.results.filter((result) => result.document_id === best.document_id || result.score >= best.score * leastShareOfBest)
  const sources = [...near, ...options.companions]
  const sentences = readSentences(sources)
  scoreSentences(sentences, sources, options, new Map())
  if (options.nearness) {
    // The likeliest by their words first: the time may not last for all.
    const likely = sentences.filter(({ kind, score }) => kind !== 'danger' && score > 0).sort((one, other) => other.score - one.score)
    const nearness = await options.nearness(likely.map(({ text, result }) => ({ text, lang: sources[result]?.lang ?? language })))
    scoreSentences(sentences, sources, options, nearness)
  }
  const danger = sentences.filter(({ kind, result }) => kind === 'danger' && sources[result]?.document_id === best.document_id)
  const told = chooseSentences(sentences.filter(({ kind }) => kind !== 'danger'))

  // Every result that was found keeps its number; a companion gets one when it is cited.
  const cited = new Set([...told, ...danger].map(({ result }) => sources[result]))
  const results = [...options.results, ...options.companions.filter((companion) => cited.has(companion))]
  const quote = (sentence: Sentence): string => `${sentence.text} [${results.indexOf(sources[sentence.result] ?? best) + 1}]`
  const unreviewed = [...cited].some((source) => source?.reviewed === false) ? ` ${words.unreviewed}` : ''
  const answer = told.map(quote).join(' ')
  const warned = danger.length > 0 ? `**${words.danger}**\n\n${danger.map((sentence) => `- ${quote(sentence)}`).join('\n')}` : ''
  // What the person describes may be one of the signs: then they come first.
  const dangerFirst = tellsOfDanger(danger, best, options)
  const parts = [`*${words.label}${unreviewed}*`, ...(dangerFirst ? [warned, answer] : [answer, warned]), closing]
  return { content: parts.filter((part) => part !== '').join('\n\n'), results }
}

/** Whether a question describes one of the danger signs: it shares its words beside the document's subject, and asks for no other section. */
function tellsOfDanger(danger: readonly Sentence[], best: SearchResult, { question, language }: OfflineQuestion): boolean {
  if (askedSections(question, language).size > 0) return false
  const subject = new Set(textTerms(best.title, best.lang))
  const terms = [...new Set(textTerms(question, language))].filter((term) => !subject.has(term))
  return terms.length > 0 && danger.some((sentence) => terms.filter((term) => sentence.terms.has(term)).length >= Math.max(1, terms.length * alarmingShare))
}

function readSentences(sources: readonly SearchResult[]): Sentence[] {
  const sentences: Sentence[] = []
  const seen = new Set<string>()
  for (const [result, source] of sources.entries()) {
    for (const line of source.passage.split('\n')) {
      for (const span of sentenceSpans(line, 0, line.length, source.lang)) {
        const text = line.slice(span.start, span.end).replace(/^(?:[-*+]|\d+[.)])\s+/, '')
        const key = foldText(text)
        if (seen.has(key) || countWords(text) < leastWords) continue
        seen.add(key)
        sentences.push({ text, result, kind: sectionKind(source.heading ?? ''), order: sentences.length, terms: new Set(textTerms(text, source.lang)), score: 0 })
      }
    }
  }
  return sentences
}

/**
 * Words that the sentence shares with the question, rare ones more, or their meanings; how near it is by the model; its document's fit and its
 * section's worth. 0 for none of them.
 */
function scoreSentences(sentences: readonly Sentence[], sources: readonly SearchResult[], { question, language, meaning }: OfflineQuestion, nearness: ReadonlyMap<string, number>): void {
  const asked = askedSections(question, language)
  const terms = [...new Set(textTerms(question, language))]
  const meant = meaning ? [...new Set(textTerms(meaning(question, language), 'en'))] : []
  const weights = new Map(
    terms.map((term) => {
      const matching = sentences.filter((sentence) => sentence.terms.has(term)).length
      return [term, Math.log(1 + sentences.length / (1 + matching))] as const
    }),
  )
  const most = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  const bestDocument = sources[0]?.document_id
  for (const sentence of sentences) {
    const shared = terms.reduce((sum, term) => sum + (sentence.terms.has(term) ? (weights.get(term) ?? 0) : 0), 0)
    const source = sources[sentence.result]
    const isBest = source?.document_id === bestDocument
    if (meaning && source && !sentence.meant) sentence.meant = new Set(textTerms(meaning(sentence.text, source.lang), 'en'))
    const sharedMeaning = meant.length === 0 ? 0 : meant.filter((term) => sentence.meant?.has(term)).length / meant.length
    const near = Math.max(0, (nearness.get(sentence.text) ?? 0) - leastNear) * nearWorth
    if (!isBest && shared === 0 && sharedMeaning === 0) continue
    const section = sentence.kind === null ? 0.1 : asked.has(sentence.kind) ? askedSectionWorth : sectionWorth[sentence.kind]
    sentence.score = Math.max(most > 0 ? shared / most : 0, sharedMeaning * meaningWorth) + near + section + (isBest ? bestDocumentWorth : 0)
  }
}

/** The best sentences, in the order in which the documents say them. */
function chooseSentences(sentences: readonly Sentence[]): Sentence[] {
  return sentences
    .filter((sentence) => sentence.score > 0)
    .sort((one, other) => other.score - one.score || one.order - other.order)
    .slice(0, sentencesInAnswer)
    .sort((one, other) => one.order - other.order)
}

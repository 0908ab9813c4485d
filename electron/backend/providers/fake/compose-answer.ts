import type { FakeMessage } from './fake-wire.js'

interface Passage {
  number: string
  text: string
}

const frenchWords = wordPattern(
  'le la les des du une est et que qui quoi quel quelle quelles comment pourquoi je j mon ma mes ai avec pour dans sur puis dois bonjour',
)
const englishWords = wordPattern('the a an is are and of what which who how why when i my have has with for in on can should do does hello hi')

const generalReplies = {
  french: [
    "Bonjour, je suis l'assistant de démonstration.",
    'Je peux vous donner des informations générales de santé, mais je ne remplace pas un médecin.',
    'Si votre état vous inquiète, parlez-en à une infirmière ou à un médecin.',
  ],
  english: [
    'Hello, I am the demonstration assistant.',
    'I can give you general health information, but I do not replace a doctor.',
    'If you are worried about how you feel, please speak to a nurse or a doctor.',
  ],
}

/**
 * A demonstration answer in the question's language: two to four sentences that quote the first passages of the prompt with their
 * numbers, or a general reply that repeats nothing of the question.
 */
export function composeAnswer(messages: readonly FakeMessage[]): string {
  const question = messages.findLast((message) => message.role === 'user')?.content ?? ''
  const passages = messages
    .filter((message) => message.role === 'system' || message.content === question)
    .flatMap((message) => readPassages(message.content))
    .slice(0, 3)
  const french = isFrench(question)
  if (passages.length === 0) return generalReplies[french ? 'french' : 'english'].join(' ')
  const quotes = passages.map(({ number, text }) => `${firstSentence(text)} [${number}].`)
  const opening = french ? "Voici ce que disent les documents de l'hôpital : " : 'Here is what the hospital’s documents say: '
  const closing = french ? 'En cas de doute, demandez à une infirmière ou à un médecin.' : 'If you are unsure, please ask a nurse or a doctor.'
  return `${opening}${quotes.join(' ')} ${closing}`
}

/** Passages are paragraphs that start with their number in brackets at the start of a line. */
function readPassages(text: string): Passage[] {
  const found: Passage[] = []
  for (const match of text.matchAll(/^[ \t]*\[(\d+)\][ \t]*(\S[\s\S]*?)(?=\n\s*\n|\n[ \t]*\[\d+\]|$(?![\s\S]))/gm)) {
    const [, number, body] = match
    if (number && body) found.push({ number, text: body.replace(/\s+/g, ' ').trim() })
  }
  return found
}

/** The first sentence, without its full stop, cut at a word when it is long. */
function firstSentence(text: string): string {
  const sentence = /^.{20,}?[.!?](?=\s|$)/u.exec(text)?.[0] ?? text
  const short = sentence.length <= 220 ? sentence : `${sentence.slice(0, 220).replace(/\s+\S*$/u, '')} …`
  return short.replace(/[.!?]$/u, '')
}

/** Judges the question by its small words; a tie is decided by an accent. */
function isFrench(text: string): boolean {
  const withoutPassages = text.replace(/^[ \t]*\[\d+\].*$/gm, '')
  const french = withoutPassages.match(frenchWords)?.length ?? 0
  const english = withoutPassages.match(englishWords)?.length ?? 0
  return french === english ? /[àâçéèêëîïôùûœ]/i.test(withoutPassages) : french > english
}

function wordPattern(words: string): RegExp {
  return new RegExp(`(?<!\\p{L})(${words.replaceAll(' ', '|')})(?!\\p{L})`, 'giu')
}

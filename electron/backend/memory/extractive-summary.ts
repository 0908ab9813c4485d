/**
 * The summary that needs no model: the sentences of older messages that say most about the person, as they were written.
 * Extended, never recomputed: old lines stay until the budget is full, then the least telling go first.
 */
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import type { TokenCounter } from './token-counter.js'

/** What makes a sentence worth keeping, English and French, accents optional; each match adds its weight. */
const signals: readonly [RegExp, number][] = [
  [/\b(allerg\w*|intoleran\w*|react\w* to|makes? me|me donne)\b/i, 6],
  [/\b(pregnan\w*|enceinte|grossesse|weeks?|semaines?|trimest\w*|breastfeed\w*|allait\w*)\b/i, 5],
  [/\b(\d+([.,]\d+)?\s?(mg|ml|g|kg|cm|mmhg|ans|years?|mois|months?|jours?|days?|semaines?|weeks?|fois|times))\b/i, 4],
  [/\b(i take|i am on|je prends|sous traitement|traitement|medicine\w*|m[ée]dicament\w*|tablets?|comprim[ée]s?|insulin\w*|inhal\w*)\b/i, 4],
  [/\b(diab[eè]t\w*|hypertens\w*|asthm\w*|drepanocyt\w*|dr[ée]panocyt\w*|sickle|hiv|vih|tubercul\w*|hepatit\w*|h[ée]patit\w*|epilep\w*|[ée]pilep\w*|cancer|kidney|reins?)\b/i, 4],
  [/\b(operat\w*|op[ée]r[ée]\w*|surgery|c[ée]sarienne|caesarean|accident)\b/i, 3],
  [/\b(actually|sorry|i meant|correction|en fait|pardon|je voulais dire|je me suis tromp[ée]\w*)\b/i, 5],
  [/\b(prefer\w*|pr[ée]f[èe]r\w*|call me|appelez-moi|live|habite)\b/i, 3],
  [/\b(i|my|me|je|j'|mon|ma|mes|my (son|daughter|child|baby|mother|father)|mon (fils|b[ée]b[ée]|p[èe]re)|ma (fille|m[èe]re))\b/i, 1],
  [/\d/, 1],
]

interface Line {
  text: string
  score: number
  order: number
}

const separator = '\n'
const maximumLineLength = 240

function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?…])\s+|\n+/)
    .map((sentence) => sentence.replace(/^[\s#>*-]+/, '').trim())
    .filter((sentence) => sentence.length > 2)
}

function score(sentence: string): number {
  return signals.reduce((total, [pattern, weight]) => (pattern.test(sentence) ? total + weight : total), 0)
}

/**
 * Extends a summary by messages, within `budget` tokens. Lines of the person carry the weight; of an answer only its first sentence can stay,
 * so that the model knows what was already said.
 */
export function extendSummary(previous: string, messages: readonly ChatMessage[], budget: number, counter: TokenCounter): string {
  const lines: Line[] = []
  const add = (text: string, lineScore: number): void => {
    const short = text.length > maximumLineLength ? `${text.slice(0, maximumLineLength - 1)}…` : text
    if (!lines.some((line) => line.text === short)) lines.push({ text: short, score: lineScore, order: lines.length })
  }
  for (const text of previous.split(separator).filter((line) => line !== '')) add(text, score(text))
  for (const message of messages) {
    const parts = sentences(message.content)
    if (message.role === 'user') for (const part of parts) add(`- ${part}`, score(part) + 1)
    else if (parts[0]) add(`- (CareChat) ${parts[0]}`, 0)
  }
  const cost = lines.map((line) => counter.count(line.text) + 1)
  let total = cost.reduce((sum, tokens) => sum + tokens, 0)
  // The least telling go first; among equals the oldest.
  for (const line of [...lines].sort((a, b) => a.score - b.score || a.order - b.order)) {
    if (total <= budget) break
    total -= cost[line.order] ?? 0
    line.text = ''
  }
  return lines.filter((line) => line.text !== '').map((line) => line.text).join(separator)
}

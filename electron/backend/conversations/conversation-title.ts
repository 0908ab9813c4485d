const maximumLength = 50

/** Document A's title: the first message, at most 50 characters, cut at a word. */
export function conversationTitle(firstMessage: string): string {
  const text = firstMessage.replaceAll(/\s+/g, ' ').trim()
  if (text.length <= maximumLength) return text
  const head = text.slice(0, maximumLength - 1)
  const lastSpace = head.lastIndexOf(' ')
  // A first "word" that fills the line is cut where it must be, but never between the halves of a surrogate pair.
  const cut = lastSpace > maximumLength / 2 ? head.slice(0, lastSpace) : head.replace(/[\uD800-\uDBFF]$/, '')
  return `${cut.replace(/[\s,;:.!?]+$/, '')}…`
}

/** The marks of Markdown and of citations, which are not to be read aloud. */
function spoken(text: string): string {
  return text
    .replace(/\[\d+(?:\s*,\s*\d+)*\]/g, '')
    .replace(/^\s*(?:#{1,6}\s+|[-*+]\s+|>\s+)/, '')
    .replace(/[*_`]+/g, '')
    .trim()
}

/**
 * The sentences of a growing text that have been finished since `from`.
 * A sentence ends with its mark and a space after it, or with its line; a mark at the very end may still go on (as in "38.5").
 * @returns the sentences as they are said, and the offset up to which the text has been used
 */
export function completedSentences(text: string, from: number): { sentences: string[]; length: number } {
  const sentences: string[] = []
  const ends = /[.!?…]+["”»)\]]*(?:\s*\[\d+(?:\s*,\s*\d+)*\])*\s+|\n+/g
  ends.lastIndex = from
  let length = from
  for (let match = ends.exec(text); match; match = ends.exec(text)) {
    const end = match.index + match[0].length
    const numbered = /^\s*\d+\.\s$/.test(text.slice(length, end))
    if (numbered) continue
    const sentence = spoken(text.slice(length, end))
    if (sentence !== '') sentences.push(sentence)
    length = end
  }
  return { sentences, length }
}

/** A passage in one line, without the marks of Markdown. */
export function passageExcerpt(passage: string): string {
  return passage
    .replace(/^\s*(?:#{1,6}|[-*+]|\d+\.)\s+/gm, '')
    .replace(/[*_`]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

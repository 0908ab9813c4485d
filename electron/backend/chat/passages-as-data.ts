/**
 * Passages as they go into a prompt: whatever a document says is quoted as data. What could pass for the prompt's own marks (the lines around the
 * passages, a passage's number, a speaker's name) is written so that it cannot.
 */
import type { SearchResult } from '../../../shared/contract/conversations.js'

/** Characters that draw nothing: some models read instructions out of them that nobody sees. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad]|[\u{e0000}-\u{e007f}]/gu
/** The lines around the passages, and the marks of the providers' own templates. */
const marks = /<{2,}|>{2,}|<\|[^|>\n]{0,40}\|>|\[\/?(?:INST|SYS|SYSTEM)\]|<\/?(?:system|user|assistant|instructions?|passages?)\b[^>\n]{0,80}>/giu
const numbered = /^([ \t]*)\[(\d+)\]/gm
const speaker = /^([ \t]*)(system|assistant|user|utilisateur|système)([ \t]*:)/gimu

/** A result with its texts made safe for a prompt; its place and document stay. */
export function asData(result: SearchResult, conceal: (text: string) => string): SearchResult {
  const safe = (text: string): string =>
    conceal(
      text
        .replace(invisible, '')
        .replace(marks, (mark) => `(${mark.replace(/[<>[\]|]/g, '')})`)
        .replace(numbered, '$1($2)')
        .replace(speaker, '$1“$2”$3'),
    )
  return { ...result, title: safe(result.title), passage: safe(result.passage), ...(result.heading === undefined ? {} : { heading: safe(result.heading) }) }
}

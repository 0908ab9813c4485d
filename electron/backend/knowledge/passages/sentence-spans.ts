/** Where the sentences of a stretch of text lie. */
import type { Language } from '../../../../shared/contract/common.js'

export interface Span {
  start: number
  end: number
}

const segmenters: Record<Language, Intl.Segmenter> = {
  en: new Intl.Segmenter('en', { granularity: 'sentence' }),
  fr: new Intl.Segmenter('fr', { granularity: 'sentence' }),
}

/** Spans of the sentences between two UTF-16 offsets, without the white space around them. */
export function sentenceSpans(text: string, start: number, end: number, language: Language): Span[] {
  const spans: Span[] = []
  for (const { segment, index } of segmenters[language].segment(text.slice(start, end))) {
    const leading = segment.length - segment.trimStart().length
    const length = segment.trim().length
    if (length > 0) spans.push({ start: start + index + leading, end: start + index + leading + length })
  }
  return spans
}

/** Number of words, as white space parts them. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0
}

/** Takes out of a sentence the citations that no passage supports, and counts them. */
import type { Language } from '../../../../shared/contract/common.js'
import type { CitedPassage } from './citation-support.js'

const citation = /(\s?)\[(\d+(?:\s*[,;–-]\s*\d+)*)\]/g

export interface CheckedSentence {
  text: string
  /** Places of the passages that are still cited, from 0. */
  cited: number[]
  dropped: number
}

/** Checks every citation of a sentence against its passage. Numbers in one pair of brackets are judged one by one. */
export function checkCitations(sentence: string, language: Language, passages: readonly CitedPassage[]): CheckedSentence {
  const cited = new Set<number>()
  let dropped = 0
  const text = sentence.replace(citation, (_whole, space: string, inside: string) => {
    const kept = numbersIn(inside).filter((number) => {
      const supported = passages[number - 1]?.supports(sentence, language) === true
      if (supported) cited.add(number - 1)
      else dropped++
      return supported
    })
    return kept.map((number, index) => `${index === 0 ? space : ''}[${number}]`).join('')
  })
  return { text, cited: [...cited], dropped }
}

/** `1, 3` and `2-4` as numbers; a range of more than ten is read as its ends. */
function numbersIn(inside: string): number[] {
  return [
    ...new Set(
      inside.split(/[,;]/).flatMap((part) => {
        const [from, to] = part.split(/[–-]/).map((text) => Number(text.trim()))
        if (from === undefined || Number.isNaN(from)) return []
        if (to === undefined || Number.isNaN(to) || to <= from) return [from]
        return to - from > 10 ? [from, to] : Array.from({ length: to - from + 1 }, (_, index) => from + index)
      }),
    ),
  ]
}

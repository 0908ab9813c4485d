/** Tells English from French by function words; a question of two words often has none, and then the fallback holds. */
import type { Language } from '../../../../shared/contract/common.js'
import { foldText } from './fold-text.js'

const english = new Set(
  `the a an and or is are was were am be been my me i you your he she his her it we they them this that these those of to in on at for with from since have has had do does
did not no can cannot could should what when where how why who which there im ive dont cant doesnt please hello thanks thank will would about after before because very too
when get got feel feels pain sick baby child days day week weeks years old`.split(/\s+/),
)
const french = new Set(
  `le la les un une des du de et ou est sont suis es j l d qu je tu il elle on nous vous ils elles mon ma mes ton ta tes son sa ses notre votre leur ce cette ces ca cest jai que qui
quoi quand comment pourquoi avec sans pour dans sur chez depuis pas ne ni plus tres trop aussi mais au aux en y a ai as avez avons ont fait faire faut peux peut bonjour bonsoir merci
mal ventre tete corps enfant bebe jours jour semaine semaines ans fievre`.split(/\s+/),
)
/** Words of both lists that decide nothing. */
const shared = new Set(['a', 'on', 'me', 'pain', 'est', 'son', 'do', 'es', 'as', 'd'])
const accent = /[àâçéèêëîïôûùüÿœæ]/i
const elision = /(?:^|[^\p{L}])(?:l|d|j|n|s|t|m|c|qu)['’]\p{L}/iu

/** The language of a text, or `fallback` when its words do not tell. */
export function detectLanguage(text: string, fallback: Language): Language {
  let englishWords = 0
  let frenchWords = 0
  for (const word of foldText(text).match(/[\p{L}\p{N}]+/gu) ?? []) {
    if (shared.has(word)) continue
    if (english.has(word)) englishWords++
    if (french.has(word)) frenchWords++
  }
  if (accent.test(text)) frenchWords++
  if (elision.test(text) && !/\b[ij]['’](?:m|ve|ll|d)\b/i.test(text)) frenchWords++
  if (englishWords === frenchWords) return fallback
  return englishWords > frenchWords ? 'en' : 'fr'
}

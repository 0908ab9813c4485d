/** Words that carry no subject, folded (no accents, lower case). Negations are among them: they do not help to find a passage. */
import type { Language } from '../../../../shared/contract/common.js'

const english = `a about above after again all also am an and any are as at be because been before being below between both but by can cannot could did do does
doing don done down during each else ever few for from further get gets getting go goes going gone got had has have having he her here hers him himself his how i
if in into is isnt it its itself just let like made make makes many may me mine more most much must my myself no nor not now of off on once only or other our ours
out over own please put said same say says see she should since so some such take tell than thank thanks that the their theirs them then there these they thing
things this those through to today too under until up upon us very want was way we well were what when where which while who whom whose why will with would yes
yesterday yet you your yours yourself im ive dont doesnt didnt cant couldnt wont wasnt isn aren ll ve re`

const french = `a ai aie aient ait alors apres as au aucun aucune aujourd aussi autre autres aux avaient avais avait avant avec avez avoir avons ayant bien bon c ca car ce cela
celle celui ces cest cet cette ceux chaque chez ci comme comment d dans de deja dedans dehors depuis des dit doit dois donc dont du elle elles en encore entre es est et etaient etais
etait etant ete etes etre eu eux fais fait faire faites faut fois font hier hui ici il ils j jai je jamais juste l la le les leur leurs lui m ma mais me meme mes moi moins mon
n ne ni non nos notre nous on ont or ou oui par parce pas peu peut peux plus pour pourquoi pouvez puis qu quand que quel quelle quelles quels quelque quelques quest qui quoi s sa
sais sait sans se sera ses seulement si sinon soit son sont sous suis sur t ta tandis te tel telle tes toi ton toujours tous tout toute toutes tres trop tu
un une va vais vas vers veut veux voici voila vois vos votre vous vu y`

const words: Record<Language, ReadonlySet<string>> = {
  en: new Set(english.split(/\s+/)),
  fr: new Set(french.split(/\s+/)),
}

/** Whether a folded word is a stop word of this language. */
export function isStopWord(word: string, language: Language): boolean {
  return word.length < 2 || words[language].has(word)
}

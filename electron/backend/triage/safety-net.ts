import { isInSaying, type Utterance } from './utterance.js'

const bodily = new Set(['head', 'face', 'eye', 'neck', 'throat', 'chest', 'heart', 'belly', 'limb', 'hand', 'skin', 'back', 'private', 'bone', 'ear_nose', 'breast', 'body', 'pain',
  'pain_extreme', 'squeeze', 'numb', 'weak', 'dizzy', 'hot', 'shiver', 'sweat', 'pale', 'blue', 'cold', 'yellow', 'swell', 'stiff', 'burnfeel', 'thirst', 'breathe', 'respond',
  'stool', 'vomit', 'cough', 'pee', 'fall', 'hit', 'cut', 'wound', 'infect', 'bleed', 'bite', 'sting', 'snake', 'poison', 'fire', 'electric', 'seize', 'faint', 'stuck', 'womb_moves', 'labour'])
const aggravating = new Set(['severe', 'sudden', 'pain_extreme', 'worse', 'grave_word', 'help_now', 'newborn', 'baby', 'pregnant', 'birth', 'old_person', 'diabetic', 'sickle', 'weak_defence', 'heart_patient'])
/** Functions whose loss counts. */
const functions = new Set(['breathe', 'speak', 'respond', 'move', 'stand', 'see', 'drink', 'pee', 'sleep', 'recognise', 'womb_moves'])
/** Kinds of message and of state in which a bodily word does not call for care today. */
const harmless = new Set(['ask_info', 'edu', 'hypo', 'story', 'figure', 'admin', 'better', 'mild', 'past', 'years', 'polite', 'fine', 'animal'])
const lossBefore = 4
const lossAfter = 3

/**
 * Whether the text describes a present bodily state of somebody that is strong, sudden, takes a function away or concerns a vulnerable person, and
 * nothing in it says that it is a question, a paper, the past, a figure of speech or mild. Such a text is never routine, even if no rule knows it.
 */
export function describesPresentTrouble(utterance: Utterance): boolean {
  const { groups, scoping } = utterance
  if (groups.some((hit) => harmless.has(hit.group))) return false
  const present = groups.filter((hit) => !scoping.isShaded(hit.from) && !isInSaying(utterance, hit))
  const losses = present.filter((hit) => hit.group === 'lost').map((hit) => hit.from)
  const isLost = present.some((hit) => functions.has(hit.group) && losses.some((at) => (at < hit.from && hit.from - at <= lossBefore) || (at >= hit.to && at - hit.to < lossAfter)))
  if (isLost) return true
  return present.some((hit) => bodily.has(hit.group)) && present.some((hit) => aggravating.has(hit.group))
}

/** How the fake behaves; what each mode does is said where the fake's server carries it out. */
export const fakeModes = [
  'normal',
  'slow',
  'rate-limited',
  'always-rate-limited',
  'server-error',
  'unauthorized',
  'refused',
  'cut',
  'stall',
  'unfinished',
  'malformed',
  'hang',
  'empty',
] as const
export type FakeMode = (typeof fakeModes)[number]

/** Whether a word from outside names a mode. */
export function isFakeMode(word: string): word is FakeMode {
  return fakeModes.some((mode) => mode === word)
}

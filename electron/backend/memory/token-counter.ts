/**
 * Counts tokens with a real tokenizer (o200k_base, byte-pair encoding). The providers' own differ by some percent, which the budget leaves room for.
 * The tables load at the first count, not at start.
 */
type Tokenizer = typeof import('gpt-tokenizer/encoding/o200k_base')

let loading: Promise<Tokenizer> | undefined

/** Counts the tokens of texts. */
export interface TokenCounter {
  count(text: string): number
}

/** Loads the tokenizer once a process. */
export async function loadTokenCounter(): Promise<TokenCounter> {
  loading ??= import('gpt-tokenizer/encoding/o200k_base')
  const tokenizer = await loading
  return { count: (text) => tokenizer.countTokens(text, { allowedSpecial: 'all' }) }
}

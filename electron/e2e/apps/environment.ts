/** The machine's environment without what would lead a test to a true provider or to somebody's data. */
export function appEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(GROQ|GEMINI|LOCAL_LLM|CARECHAT|RATE_LIMIT|HTTPS?_PROXY|NODE_OPTIONS)/i.test(entry[0]),
  )
  // A suite asks more in a minute than a person does.
  return { ...Object.fromEntries(kept), RATE_LIMIT_PER_MINUTE: '1000', ...added }
}

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3): seconds or an HTTP date.
 * Returns the wait in ms from `now` (ms since the epoch), never negative; undefined when absent or unreadable.
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | undefined {
  const text = value?.trim()
  if (!text) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

import type { Language } from '../../../shared/contract/common.js'

/** A file's size as people say it, in kilobytes or megabytes. */
export function formatSize(bytes: number, language: Language): string {
  const megabytes = bytes / (1024 * 1024)
  const [value, unit] = megabytes >= 1 ? [megabytes, 'megabyte'] : [Math.max(1, bytes / 1024), 'kilobyte']
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
}

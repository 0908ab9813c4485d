import path from 'node:path'
import { isAppUrl } from './app-origin.js'

/**
 * The file below `root` that an address of the app names, or null when it names none. A path without an extension is a page of the app
 * (index.html). Nothing leads out of `root`: neither `..`, encoded or not, nor a backslash, a drive or a null byte.
 */
export function resolveAppFile(root: string, address: string): string | null {
  if (!isAppUrl(address)) return null
  const decoded = decode(new URL(address).pathname)
  if (decoded === null || ['\\', '\0', ':'].some((character) => decoded.includes(character)) || decoded.split('/').includes('..')) return null
  const relative = decoded.replace(/^\/+/, '')
  const file = path.join(root, path.extname(relative) === '' ? 'index.html' : relative)
  return file.startsWith(root + path.sep) ? file : null
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname)
  } catch {
    // A percent sign that encodes nothing: not an address that the build made.
    return null
  }
}

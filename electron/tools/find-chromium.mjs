import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

const usual = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
}

/**
 * The Chromium that the end-to-end tests of `npm run serve` drive: `$CARECHAT_CHROMIUM`, Playwright's own, or the system's.
 * @returns {string | null} path of the executable
 */
export function findChromium() {
  const given = process.env.CARECHAT_CHROMIUM
  if (given && existsSync(given)) return given
  const playwright = createRequire(import.meta.url)('playwright-core')
  const own = playwright.chromium.executablePath()
  if (own && existsSync(own)) return own
  return (usual[process.platform] ?? []).find((path) => existsSync(path)) ?? null
}

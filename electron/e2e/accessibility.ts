import axe from 'axe-core'
import type { Page } from '@playwright/test'

/**
 * What axe-core finds serious or critical on the page as it is now, one line a finding. The library is evaluated in the page, because a page
 * of its own, as its Playwright adapter opens, does not exist in an Electron window.
 */
export async function seriousFindings(page: Page): Promise<string[]> {
  // A colour that is half way between two is nobody's choice.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`))
  })
}

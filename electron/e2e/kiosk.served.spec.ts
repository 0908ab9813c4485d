import { contract } from '../../shared/contract/contract.js'
import { ServedApp } from './apps/served-app.js'
import { expect, test } from './test.js'

test('a kiosk that is left warns, then wipes everything and is at the welcome screen again', async ({ launch }) => {
  const { app, screens } = await launch({ kiosk: true })
  if (!(app instanceof ServedApp)) throw new Error('served only')
  const { entry, chat, page } = screens
  const asked = await fetch(`${app.address}rpc/system.info`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })
  const { idle_minutes: minutes } = contract.system.info.output.parse(await asked.json())
  expect(minutes).toBeGreaterThan(0)
  /** Ten seconds before the end of the pause: the warning is up, the wipe is to come. */
  const almost = minutes * 60_000 - 10_000
  await page.clock.install()
  await page.reload()
  await entry.chooseLanguage('en')
  await expect(page.locator('html')).toHaveAttribute('data-kiosk', 'true')
  await entry.continueAsGuest()
  await chat.ask('How can I protect my family from malaria?')
  await chat.composer.fill('something that was not sent')

  const warning = page.getByTestId('idle-warning')
  await page.clock.fastForward(almost)
  await expect(warning).toBeVisible()
  await warning.getByRole('button').click()
  await expect(warning).toBeHidden()
  await expect(chat.answers).toHaveCount(1)

  await page.clock.fastForward(almost)
  await expect(warning).toBeVisible()
  await page.clock.fastForward(15_000)
  await expect(entry.guest).toBeVisible()
  await expect(page.locator('body')).not.toContainText('malaria')
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)

  await entry.continueAsGuest()
  await expect(page.getByTestId('suggestion').first()).toBeVisible()
  await expect(chat.conversationItems).toHaveCount(0)
  await expect(chat.composer).toHaveValue('')
  expect(app.errors()).not.toContain('malaria')
})

import { expect, test } from './test.js'

test('a kiosk that is left warns, then wipes everything and is at the welcome screen again', async ({ launch }) => {
  const { app, screens } = await launch({ kiosk: true })
  const { entry, chat, page } = screens
  await page.clock.install()
  await page.reload()
  await entry.chooseLanguage('en')
  await expect(page.locator('html')).toHaveAttribute('data-kiosk', 'true')
  await entry.continueAsGuest()
  await chat.ask('How can I protect my family from malaria?')
  await chat.composer.fill('something that was not sent')

  const warning = page.getByTestId('idle-warning')
  await page.clock.fastForward('01:45')
  await expect(warning).toBeVisible()
  await warning.getByRole('button').click()
  await expect(warning).toBeHidden()
  await expect(chat.answers).toHaveCount(1)

  await page.clock.fastForward('01:45')
  await expect(warning).toBeVisible()
  await page.clock.fastForward('00:30')
  await expect(entry.guest).toBeVisible()
  await expect(page.locator('body')).not.toContainText('malaria')
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)

  await entry.continueAsGuest()
  await expect(page.getByTestId('suggestion').first()).toBeVisible()
  await expect(chat.conversationItems).toHaveCount(0)
  await expect(chat.composer).toHaveValue('')
  expect(app.errors()).not.toContain('malaria')
})

import { expect, test } from './test.js'

const question = 'How can I protect my family from malaria?'

test('a guest leaves, and nothing of theirs is left: not on the screen, not in the window, not after a restart', async ({ launch, newDataFolder }) => {
  const dataFolder = newDataFolder()
  const first = await launch({ dataFolder })
  const { entry, chat, page } = first.screens
  await entry.chooseLanguage('en')
  await entry.continueAsGuest()
  await chat.ask(question)
  await chat.composer.fill('something that was not sent')
  await chat.signOut()
  await expect(page.locator('body')).not.toContainText('malaria')
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('malaria')

  await entry.continueAsGuest()
  await expect(chat.conversationItems).toHaveCount(0)
  await expect(chat.composer).toHaveValue('')
  await chat.ask(question)
  await first.app.kill()

  // The second guest was still there when the power went.
  const second = await launch({ dataFolder })
  await expect(second.screens.entry.guest).toBeVisible()
  await expect(second.screens.page.locator('body')).not.toContainText('malaria')
  await second.screens.entry.continueAsGuest()
  await expect(second.screens.page.getByTestId('suggestion').first()).toBeVisible()
  await expect(second.screens.chat.conversationItems).toHaveCount(0)
})

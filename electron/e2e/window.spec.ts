/** The window itself: languages, themes, the keyboard, and what axe-core says of every screen. */
import { expect, test } from './test.js'
import { newPerson } from './screens/entry-screen.js'
import { seriousFindings } from './accessibility.js'

test.use({ network: 'off' })

test('language and theme change at once and are kept with the account', async ({ screens: { entry, chat, settings, page } }) => {
  const person = newPerson()
  await entry.chooseLanguage('en')
  await entry.signUp(person)
  await settings.open()
  await settings.language('fr')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Réglages|Paramètres/)
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await settings.theme('light')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  const light = await ground()
  await settings.theme('dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  expect(await ground()).not.toBe(light)

  await settings.back()
  await chat.signOut()
  await entry.signIn(person)
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
})

test('a question is asked, its source opened and closed by the keyboard alone', async ({ screens: { entry, chat, source, page } }) => {
  await entry.chooseLanguage('en')
  await entry.signUp(newPerson())
  await expect(chat.composer).toBeFocused()
  await page.keyboard.type('How can I protect my family from malaria?')
  await page.keyboard.press('Enter')
  const card = chat.answers.last().getByTestId('source-card').first()
  await expect(card).toBeVisible()
  // From the composer backwards: the answer's buttons, then its sources.
  for (let step = 0; step < 30 && !(await card.evaluate((element) => element === document.activeElement)); step += 1) await page.keyboard.press('Shift+Tab')
  await expect(card).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(source.panel).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(source.panel).toHaveCount(0)
  await expect(card).toBeFocused()
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByTestId('theme-dark')).toBeVisible()
})

for (const theme of ['light', 'dark'] as const) {
  test(`axe-core finds nothing serious on any screen (${theme})`, async ({ screens: { entry, chat, source, settings, page } }) => {
    await page.emulateMedia({ colorScheme: theme })
    await entry.chooseLanguage('fr')
    expect(await seriousFindings(page), 'welcome').toEqual([])
    await page.getByTestId('sign-up').click()
    expect(await seriousFindings(page), 'sign-up').toEqual([])
    await page.getByTestId('back').click()
    await entry.signUp(newPerson())
    expect(await seriousFindings(page), 'empty conversation').toEqual([])
    await chat.ask('Comment protéger ma famille du paludisme ?')
    await chat.answers.last().getByTestId('source-card').first().click()
    await expect(source.highlight.first()).toBeVisible()
    expect(await seriousFindings(page), 'chat with a source').toEqual([])
    await page.getByTestId('close-source').click()
    await chat.ask("Mon père a une forte douleur dans la poitrine et n'arrive pas à respirer")
    await expect(chat.emergencyCard).toBeVisible()
    expect(await seriousFindings(page), 'emergency').toEqual([])
    await settings.open()
    for (const tab of ['general', 'answers', 'profile', 'providers'] as const) {
      await settings.choose(tab)
      expect(await seriousFindings(page), `settings, ${tab}`).toEqual([])
    }
  })
}

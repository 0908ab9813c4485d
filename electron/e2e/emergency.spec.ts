import { expect, test } from './test.js'
import { newPerson } from './screens/entry-screen.js'

test.use({ network: 'off' })

const cries = {
  en: { cry: 'My father has crushing chest pain and cannot breathe', says: /emergency/i },
  fr: { cry: "Mon père a une forte douleur dans la poitrine et n'arrive pas à respirer", says: /urgence/i },
} as const

for (const language of ['en', 'fr'] as const) {
  test(`an emergency is seen without network, says what to do now, and stays (${language})`, async ({ screens: { entry, chat, page } }) => {
    const { cry, says } = cries[language]
    await entry.chooseLanguage(language)
    await entry.signUp(newPerson())
    await chat.ask(cry)
    await expect(chat.emergencyCard).toBeInViewport()
    await expect(chat.emergencyCard).toContainText(says)
    await expect(chat.emergencyCard.getByRole('listitem')).not.toHaveCount(0)
    const text = await chat.emergencyCard.innerText()

    await page.reload()
    await chat.conversationItems.first().click()
    await expect(chat.emergencyCard).toBeVisible()
    expect(await chat.emergencyCard.innerText()).toBe(text)
  })
}

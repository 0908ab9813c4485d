import { expect, test } from './test.js'
import { newPerson } from './screens/entry-screen.js'

const questions = {
  en: { question: 'How can I protect my family from malaria?', title: 'Malaria', holds: /net/i, label: /documents/i },
  fr: { question: 'Comment protéger ma famille du paludisme ?', title: 'Paludisme', holds: /moustiquaire/i, label: /documents/i },
} as const

test.use({ network: 'off' })

for (const language of ['en', 'fr'] as const) {
  test(`a newcomer signs up, asks without network (${language}) and reads the source at its passage`, async ({ app, screens }) => {
    const { question, title, holds, label } = questions[language]
    const { entry, chat, source } = screens
    await entry.chooseLanguage(language)
    await entry.signUp(newPerson())
    await chat.indexReady()

    const answer = await chat.ask(question)
    await expect(answer).toContainText(holds)
    await expect(answer.getByTestId('label-passages')).toHaveText(label)
    await expect(answer.locator('[lang]').first()).toHaveAttribute('lang', language)
    const cards = answer.getByTestId('source-card')
    await expect(cards.first()).toContainText(title)

    await cards.first().click()
    await expect(source.panel).toContainText(title)
    await expect(source.highlight.first()).toBeInViewport()
    const passage = await source.highlighted()
    expect(passage.length).toBeGreaterThan(40)
    // The sentences of an offline answer are the document's own: one of them stands in the marked passage of one of its sources.
    const shown = (await answer.innerText()).replace(/\s+/g, ' ')
    const sentences = passage.split(/(?<=[.!?])\s/).filter((sentence) => sentence.length > 20)
    expect(sentences.some((sentence) => shown.includes(sentence))).toBe(true)

    expect(app.errors()).not.toContain(question)
  })
}

test('an account is refused with the reason beside its field, in the language of the window', async ({ screens: { entry, page } }) => {
  await entry.chooseLanguage('fr')
  await page.getByTestId('sign-up').click()
  await entry.fillAccount({ ...newPerson(), phoneNumber: '12', password: 'court' })
  await entry.submit()
  const phone = page.locator('input[name="phone_number"]')
  await expect(phone).toHaveAttribute('aria-invalid', 'true')
  await expect(page.locator('input[name="password"]')).toHaveAttribute('aria-invalid', 'true')
  const described = (await phone.getAttribute('aria-describedby'))!.split(' ').at(-1)!
  await expect(page.locator(`[id="${described}"]`)).toHaveText(/\p{L}{4}/u)
  await expect(page.getByTestId('composer')).toHaveCount(0)
})

test('a wrong password is refused, the right one opens the account', async ({ screens: { entry, chat, page } }) => {
  const person = newPerson()
  await entry.chooseLanguage('en')
  await entry.signUp(person)
  await chat.signOut()
  await page.getByTestId('sign-in').click()
  await page.locator('input[name="phone_number"]').fill(person.phoneNumber)
  await page.locator('input[name="password"]').fill('not the password')
  await entry.submit()
  await expect(entry.formError).toContainText('not right')
  await page.locator('input[name="password"]').fill(person.password)
  await entry.submit()
  await expect(chat.composer).toBeVisible()
})

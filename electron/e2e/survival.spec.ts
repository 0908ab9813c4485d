import { expect, test } from './test.js'
import { newPerson } from './screens/entry-screen.js'

const question = 'How can I protect my family from malaria?'

test('the backend process is killed: the window says so, comes back by itself, and nothing is lost', async ({ app, screens: { entry, chat } }) => {
  await entry.chooseLanguage('en')
  await entry.signUp(newPerson())
  const answer = await (await chat.ask(question)).innerText()

  await app.killBackend()
  await expect(chat.reconnecting).toBeVisible()
  await app.restoreBackend()
  await expect(chat.reconnecting).toBeHidden({ timeout: 30_000 })
  await expect(chat.questions).toHaveText([new RegExp(question.replace('?', '\\?'))])
  expect(await chat.answers.last().innerText()).toBe(answer)

  await chat.ask('How is tuberculosis treated?')
  await expect(chat.questions).toHaveCount(2)
  await expect(chat.answers).toHaveCount(2)
})

test('an answer that was being written when the backend was killed fails in words, and its question is kept', async ({ app, screens: { entry, chat, page }, fake }) => {
  await entry.chooseLanguage('fr')
  await entry.signUp(newPerson())
  fake.enqueue('stall')
  await chat.send('Comment protéger ma famille du paludisme ?')
  await expect(chat.messages).toContainText("Voici ce que disent")

  await app.killBackend()
  await expect(chat.reconnecting).toBeVisible()
  await app.restoreBackend()
  await expect(chat.failed).toContainText('redémarre', { timeout: 30_000 })
  await expect(chat.reconnecting).toBeHidden({ timeout: 30_000 })
  await expect(chat.questions).toHaveCount(1)

  await page.getByTestId('answer-again').click()
  await expect(chat.failed).toHaveCount(0)
  await expect(chat.saved).toBeVisible()
  await expect(chat.answers.last()).toContainText('demandez à une infirmière')
})

test('every process is killed at once: what was shown as saved is there after the next start', async ({ launch, newDataFolder }) => {
  const dataFolder = newDataFolder()
  const person = newPerson()
  const first = await launch({ dataFolder })
  await first.screens.entry.chooseLanguage('en')
  await first.screens.entry.signUp(person)
  await first.screens.chat.ask(question)
  await first.screens.chat.ask('How is tuberculosis treated?')
  const texts = await first.screens.chat.answers.allInnerTexts()
  await first.app.kill()

  const second = await launch({ dataFolder })
  await second.screens.entry.signIn(person)
  await second.screens.chat.conversationItems.first().click()
  await expect(second.screens.chat.questions).toHaveText([/protect my family/, /tuberculosis/])
  expect(await second.screens.chat.answers.allInnerTexts()).toEqual(texts)
})

import { expect, test } from './test.js'
import { newPerson } from './screens/entry-screen.js'

const question = 'How can I protect my family from malaria?'

test.beforeEach(async ({ screens: { entry, settings } }) => {
  await entry.chooseLanguage('en')
  await entry.signUp(newPerson())
  await settings.allowOnline(true)
})

test('words are shown as they come, then the answer with its model and its sources', async ({ screens: { chat } }) => {
  await chat.send(question)
  // The provider writes a word at a time: the first are on the screen while the answer can still be stopped.
  await expect(chat.messages).toContainText('Here is what')
  await expect(chat.stop).toBeVisible()
  await expect(chat.answers).toHaveCount(0)

  await expect(chat.answers).toHaveCount(1)
  await expect(chat.saved).toBeVisible()
  const answer = chat.answers.last()
  await expect(answer).toContainText('please ask a nurse or a doctor.')
  await expect(answer.getByTestId('model')).toContainText('llama')
  await expect(answer.getByTestId('source-card')).not.toHaveCount(0)
})

test('stopped, an answer keeps its words and says so', async ({ screens: { chat, page }, fake }) => {
  fake.enqueue('stall')
  await chat.send(question)
  await expect(chat.messages).toContainText('Here is what')
  await chat.stop.click()
  const answer = chat.answers.last()
  await expect(answer.getByTestId('label-stopped')).toBeVisible()
  await expect(answer).toContainText('Here is what')
  expect(await fake.requests.at(-1)!.closed).toBe('client')

  await page.reload()
  await chat.conversationItems.first().click()
  await expect(chat.answers.last().getByTestId('label-stopped')).toBeVisible()
})

test('an answer is made again, a question is changed and asked again', async ({ screens: { chat, page }, fake }) => {
  await chat.ask(question)
  const asked = fake.requests.length
  await chat.answers.last().getByTestId('regenerate').click()
  await expect.poll(() => fake.requests.length).toBe(asked + 1)
  await expect(chat.saved).toBeVisible()
  await expect(chat.answers).toHaveCount(1)
  await expect(chat.questions).toHaveCount(1)

  await chat.questions.last().getByTestId('edit').click()
  await page.getByTestId('edit-question').fill('How is tuberculosis treated?')
  await page.getByTestId('edit-send').click()
  await expect(chat.questions).toHaveText([/How is tuberculosis treated/])
  await expect(chat.answers).toHaveCount(1)
  await expect(chat.saved).toBeVisible()
  await expect(chat.answers.last().getByTestId('source-card').first()).toContainText('Tuberculosis')
})

test('an answer is copied as it was written', async ({ screens: { chat, page } }) => {
  const answer = await chat.ask(question)
  await answer.getByTestId('copy').click()
  await expect(page.getByText('Copied', { exact: false }).first()).toBeVisible()
  // The desktop window may write the clipboard but not read it: what is on it shows when it is pasted.
  await chat.composer.focus()
  await page.keyboard.press('ControlOrMeta+V')
  await expect(chat.composer).toHaveValue(/Here is what the hospital’s documents say/)
})

test('cut in the middle, an answer is kept as partial and another provider answers', async ({ screens: { chat }, fake }) => {
  fake.enqueue('cut')
  await chat.send(question)
  await expect(chat.answers).toHaveCount(2)
  await expect(chat.saved).toBeVisible()
  await expect(chat.answers.first().getByTestId('label-partial')).toBeVisible()
  await expect(chat.answers.first()).toContainText('Here is what')
  await expect(chat.answers.last().getByTestId('label-partial')).toHaveCount(0)
  await expect(chat.answers.last()).toContainText('please ask a nurse or a doctor.')
  await expect(chat.answers.last().getByTestId('model')).toContainText('gemini')
})

test('when every provider refuses, the documents answer', async ({ screens: { chat }, fake }) => {
  fake.setMode('unauthorized')
  const answer = await chat.ask(question)
  await expect(answer.getByTestId('label-passages')).toBeVisible()
  await expect(answer).toContainText(/net/i)
})

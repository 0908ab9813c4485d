/** What a person sees of consent, of an answer that is withheld, and of one that is completed later. */
import { seriousFindings } from './accessibility.js'
import { newPerson } from './screens/entry-screen.js'
import { expect, test } from './test.js'

const question = 'How can I protect my family from malaria?'

test('online answers begin with a yes, are withheld when they diagnose, completed when the network is back, and end with a no', async ({ launch, fake }) => {
  const { GROQ_API_KEY = '', GROQ_BASE_URL = '' } = fake.environment
  fake.setMode('normal')
  const { screens } = await launch({ environment: { GROQ_API_KEY, GROQ_BASE_URL } })
  const { entry, chat, settings, page } = screens
  await entry.chooseLanguage('en')
  await entry.signUp(newPerson('Odette Fandjo'))
  await chat.indexReady()

  // The question is answered at once, from the documents, and nothing has left.
  const asked = fake.requests.length
  await chat.ask(question)
  await expect(chat.answers.last().getByTestId('label-passages')).toBeVisible()
  const card = page.getByTestId('consent-card')
  await expect(card).toContainText('Groq')
  expect(await seriousFindings(page)).toEqual([])
  expect(fake.requests.length).toBe(asked)
  await page.getByTestId('consent-yes').click()
  await expect(chat.answers.last().getByTestId('model')).toContainText('llama')
  await expect(chat.answers).toHaveCount(1)
  await expect(card).toHaveCount(0)

  fake.script('Fever has many causes. You definitely have malaria, take 1,000 mg of paracetamol.')
  const withheld = await chat.ask('I have had a fever since yesterday, what can it be?')
  await expect(withheld.getByTestId('label-withheld')).toContainText('diagnosis')
  await expect(chat.messages).not.toContainText('definitely')
  expect(await seriousFindings(page)).toEqual([])

  fake.setMode('unauthorized')
  const offline = await chat.ask('How is tuberculosis treated at the hospital?')
  await expect(offline.getByTestId('completion-waiting')).toBeVisible()
  await page.reload()
  await chat.conversationItems.first().click()
  await expect(chat.answers.last().getByTestId('completion-waiting')).toBeVisible()
  fake.setMode('normal')
  await chat.answers.last().getByTestId('complete').click()
  await expect(chat.answers.last().getByTestId('label-completed')).toBeVisible()
  await expect(chat.answers).toHaveCount(3)
  await expect(chat.answers.last().getByTestId('model')).toContainText('llama')

  await settings.allowOnline(false)
  const before = fake.requests.length
  const refused = await chat.ask('What are the danger signs of malaria in a child?')
  await expect(refused.getByTestId('label-passages')).toContainText('Online answers are off')
  expect(fake.requests.length).toBe(before)
})

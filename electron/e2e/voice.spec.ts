import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FakeProviderServer } from '../backend/providers/fake/fake-provider-server.js'
import { makeWav } from '../backend/voice/testing/make-audio.js'
import { seriousFindings } from './accessibility.js'
import { newPerson } from './screens/entry-screen.js'
import { expect, test } from './test.js'

const question = 'How can I protect my family from malaria?'

/** The hospital's own server, which also hears: nothing leaves the hospital, and nobody has to agree to that. */
let hospital: FakeProviderServer
const microphone = path.join(os.tmpdir(), `carechat-e2e-voice-${process.pid}.wav`)

test.beforeAll(async () => {
  fs.writeFileSync(microphone, makeWav({ seconds: 20, rate: 48_000, level: 0.4 }))
  hospital = await FakeProviderServer.start({ models: ['fake-medical-7b', 'whisper-fake'], tokenDelayMs: 5 })
})
test.afterAll(async () => {
  await hospital.close()
  fs.rmSync(microphone, { force: true })
})
test.beforeEach(() => {
  hospital.setMode('normal')
  hospital.recordings.length = 0
})

const environment = (): Record<string, string> => ({ LOCAL_LLM_BASE_URL: `${hospital.address}/v1` })

test('a question is spoken, read, sent and answered; the answer and the question are translated and back', async ({ launch }) => {
  const { screens } = await launch({ environment: environment(), microphone })
  const { entry, chat, page } = screens
  await entry.chooseLanguage('en')
  await entry.signUp(newPerson())

  await page.getByTestId('voice-record').click()
  await expect(page.getByTestId('voice-recording')).toBeVisible()
  await expect(page.getByTestId('voice-left')).toContainText(/9:5\d/)
  // What the microphone hears is seen.
  await expect.poll(() => page.getByTestId('voice-level').evaluate((element) => Number(/scaleX\(([\d.]+)/.exec(element.style.transform)?.[1] ?? 0))).toBeGreaterThan(0.3)
  expect(await seriousFindings(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect(chat.composer).toHaveValue(question)
  await expect(page.getByTestId('voice-heard')).toBeVisible()
  expect(await seriousFindings(page)).toEqual([])
  expect(hospital.recordings).toHaveLength(1)
  expect(hospital.recordings[0]).toMatchObject({ model: 'whisper-fake', responseFormat: 'verbose_json' })

  await chat.composer.press('Enter')
  await expect(chat.answers).toHaveCount(1)
  await expect(chat.saved).toBeVisible()
  await expect(chat.questions).toHaveText([new RegExp(question.replace('?', '\\?'))])

  const asked = chat.questions.first()
  hospital.script('Comment protéger ma famille du paludisme ?')
  await asked.getByTestId('translate').click()
  await expect(asked.getByTestId('translation')).toHaveText('Comment protéger ma famille du paludisme ?')
  await expect(asked.getByTestId('machine-translation')).toBeVisible()
  expect(await seriousFindings(page)).toEqual([])
  await asked.getByTestId('translate').click()
  await expect(asked).toContainText(question)
  await expect(asked.getByTestId('machine-translation')).toHaveCount(0)

  // Once more, after the window forgot it: the device kept it, no model is asked.
  const requests = hospital.requests.length
  await page.reload()
  await chat.conversationItems.first().click()
  await asked.getByTestId('translate').click()
  await expect(asked.getByTestId('translation')).toHaveText('Comment protéger ma famille du paludisme ?')
  expect(hospital.requests).toHaveLength(requests)
})

test('a recording is thrown away with Escape; a file is heard; what goes wrong is said', async ({ launch }) => {
  const { screens } = await launch({ environment: environment(), microphone })
  const { entry, chat, page } = screens
  await entry.chooseLanguage('fr')
  await entry.signUp(newPerson())
  await page.getByTestId('voice-record').click()
  await expect(page.getByTestId('voice-recording')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('voice-recording')).toHaveCount(0)
  await expect(chat.composer).toHaveValue('')
  expect(hospital.recordings).toEqual([])

  const choose = (buffer: Uint8Array, name: string): Promise<void> => page.getByTestId('voice-file').setInputFiles({ name, mimeType: 'audio/wav', buffer: Buffer.from(buffer) })
  await choose(new Uint8Array(Buffer.from('a text that is no sound')), 'text.wav')
  await expect(page.getByTestId('voice-problem')).toContainText('Ce type de fichier')
  await choose(makeWav({ seconds: 2, level: 0 }), 'silence.wav')
  await expect(page.getByTestId('voice-problem')).toContainText('Aucun mot')
  expect(await seriousFindings(page)).toEqual([])
  expect(hospital.recordings).toEqual([])

  hospital.hear({ text: 'Ma fille tousse', language: 'French', avgLogprob: -1.1 })
  await choose(makeWav({ seconds: 2 }), 'voix.wav')
  await expect(chat.composer).toHaveValue('Ma fille tousse')
  await expect(page.getByTestId('voice-heard')).toContainText('difficiles à entendre')
  await page.getByTestId('voice-dismiss').click()
  await expect(page.getByTestId('voice-heard')).toHaveCount(0)

  hospital.setMode('unauthorized')
  await choose(makeWav({ seconds: 2 }), 'voix.wav')
  await expect(page.getByTestId('voice-problem')).toContainText('injoignable')
  await expect(chat.composer).toHaveValue('Ma fille tousse')
})

test('without anybody who hears there is no microphone to press', async ({ launch }) => {
  const { screens } = await launch({ microphone })
  const { entry, chat, page } = screens
  await entry.chooseLanguage('en')
  await entry.signUp(newPerson())
  await expect(chat.composer).toBeVisible()
  await expect(page.getByTestId('voice-record')).toHaveCount(0)
})

test('a microphone that is blocked is explained', async ({ launch, target }) => {
  test.skip(target !== 'browser', 'the desktop window grants its own page the microphone')
  const { screens } = await launch({ environment: environment(), microphone: 'none' })
  const { entry, page } = screens
  await entry.chooseLanguage('en')
  await entry.signUp(newPerson())
  await page.getByTestId('voice-record').click()
  await expect(page.getByTestId('voice-problem')).toContainText('The microphone is blocked')
  expect(await seriousFindings(page)).toEqual([])
})

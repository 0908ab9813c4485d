/** Pictures of every screen for the documentation: both languages, both themes, a workstation's, a kiosk's and a telephone's size. */
import fs from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { projectFolder } from './apps/executables.js'
import { ServedApp } from './apps/served-app.js'
import { newPerson } from './screens/entry-screen.js'
import { expect, test } from './test.js'

const folder = path.join(projectFolder, 'docs', 'screenshots')
const sizes = { desk: { width: 1280, height: 800 }, kiosk: { width: 1080, height: 1920 }, phone: { width: 390, height: 844 } } as const

const words = {
  en: { question: 'How can I protect my family from malaria?', cry: 'My father has crushing chest pain and cannot breathe', name: 'Amina Ngo Bell' },
  fr: { question: 'Comment protéger ma famille du paludisme ?', cry: "Mon père a une forte douleur dans la poitrine et n'arrive pas à respirer", name: 'Amina Ngo Bell' },
} as const

/** Writes the picture with a palette: a third of the bytes, and nothing to see of it. */
async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined))))
  await sharp(await page.screenshot({ caret: 'hide' })).png({ palette: true, colours: 128, effort: 8 }).toFile(path.join(folder, `${name}.png`))
}

test.beforeAll(() => {
  fs.mkdirSync(folder, { recursive: true })
})

test.use({ network: 'off' })

for (const language of ['en', 'fr'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`desk ${language} ${theme}`, async ({ screens: { entry, chat, source, settings, page } }) => {
      const name = (screen: string): string => `${screen}-${language}-${theme}`
      await page.setViewportSize(sizes.desk)
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await entry.chooseLanguage(language)
      await keep(page, name('welcome'))
      await page.getByTestId('sign-up').click()
      await keep(page, name('sign-up'))
      await page.getByTestId('back').click()
      await page.getByTestId('sign-in').click()
      await keep(page, name('sign-in'))
      await page.getByTestId('back').click()
      await entry.signUp(newPerson(words[language].name))
      await chat.indexReady()
      await keep(page, name('new-conversation'))
      const answer = await chat.ask(words[language].question)
      await keep(page, name('answer'))
      await answer.getByTestId('source-card').first().click()
      await expect(source.highlight.first()).toBeInViewport()
      await keep(page, name('source'))
      await page.getByTestId('close-source').click()
      await chat.startNew()
      await chat.ask(words[language].cry)
      await keep(page, name('emergency'))
      await settings.open()
      await keep(page, name('settings'))
    })
  }

  test(`phone ${language}`, async ({ screens: { entry, chat, page } }) => {
    await page.setViewportSize(sizes.phone)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await entry.chooseLanguage(language)
    await keep(page, `phone-welcome-${language}`)
    await entry.signUp(newPerson(words[language].name))
    await chat.indexReady()
    await chat.ask(words[language].question)
    await keep(page, `phone-answer-${language}`)
    await page.setViewportSize(sizes.desk)
  })
}

test('kiosk', async ({ launch }) => {
  const { app, screens } = await launch({ kiosk: true })
  if (!(app instanceof ServedApp)) throw new Error('the pictures are taken from the served app')
  const { entry, chat, page } = screens
  await page.setViewportSize(sizes.kiosk)
  for (const language of ['en', 'fr'] as const) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await entry.chooseLanguage(language)
    await keep(page, `kiosk-welcome-${language}`)
    await entry.continueAsGuest()
    await chat.indexReady()
    await chat.ask(words[language].cry)
    await keep(page, `kiosk-emergency-${language}`)
    await page.reload()
    await page.evaluate(() => sessionStorage.clear())
    await page.reload()
  }
})

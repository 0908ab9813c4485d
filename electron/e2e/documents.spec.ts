import fs from 'node:fs'
import path from 'node:path'
import { makeBook } from '../backend/documents/testing/make-pdf.js'
import { seriousFindings } from './accessibility.js'
import { newPerson } from './screens/entry-screen.js'
import { expect, test } from './test.js'

const secretPage = 187

test('a book of 300 pages and a broken file are added by hand; a question is answered from it, at its page', async ({ launch }) => {
  const { app, screens } = await launch()
  const { entry, chat, source, documents, page } = screens
  await entry.chooseLanguage('en')
  await entry.setUp(fs.readFileSync(path.join(app.dataFolder, 'administrator-setup-code'), 'utf8').trim(), newPerson('Dr Esther Mbappe'))
  await expect(chat.composer).toBeVisible()

  await documents.open()
  await expect(documents.empty).toBeVisible()
  const book = await makeBook(300, (number) => [
    `Page ${number} of the ward manual is about room ${number} and what is kept there.`,
    number === secretPage ? 'The quinquina decoction stands in the blue cupboard behind the door.' : 'Linen and gloves lie in the usual place beside the window.',
  ])
  await documents.choose([
    { name: 'ward manual.pdf', content: book },
    { name: 'broken.pdf', content: '%PDF-1.7 of which nothing is left' },
  ])
  await expect(documents.failures).toContainText('damaged')
  await expect(documents.rows.filter({ hasText: 'ward manual' })).toContainText('300 pages', { timeout: 90_000 })
  expect(await seriousFindings(page)).toEqual([])
  await page.getByTestId('dismiss-document').click()
  await expect(documents.failures).toHaveCount(0)

  await documents.drop({ name: 'visits.txt', content: 'Visitors may come to the ward after four in the afternoon.' })
  await expect(documents.rows).toHaveCount(2)

  await documents.back()
  await documents.askOver('ward manual')
  const answer = await chat.ask('Where does the quinquina decoction stand?')
  await expect(answer).toContainText('blue cupboard')
  const cards = answer.getByTestId('source-card')
  await expect(cards.first()).toContainText(`Page ${secretPage}`)
  await cards.first().click()
  await expect(source.highlight.first()).toBeInViewport()
  expect(await source.highlighted()).toContain('quinquina decoction')
  await expect(source.panel.locator(`[data-testid="page-mark"][data-page="${secretPage}"]`)).toBeVisible()
  await page.getByTestId('close-source').click()

  await documents.open()
  await documents.remove('ward manual')
  await documents.back()
  await chat.startNew()
  const without = await chat.ask('Where does the quinquina decoction stand?')
  await expect(without).not.toContainText('blue cupboard')
  for (const secret of ['quinquina', 'ward manual']) expect(app.errors()).not.toContain(secret)
})

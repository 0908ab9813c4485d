import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from './test.js'
import { newPerson } from './screens/entry-screen.js'

test('the administrator is made with the code of the data folder, tests a provider and sets the emergency number', async ({ launch, fake }) => {
  const { app, screens } = await launch({ environment: fake.environment })
  const { entry, chat, settings, page } = screens
  const file = path.join(app.dataFolder, 'administrator-setup-code')
  await entry.chooseLanguage('en')
  await entry.setUp('WRONG-CODE', newPerson('Dr Esther Mbappe'))
  await expect(page.getByText('The set-up code is not right.')).toBeVisible()
  await page.locator('input[name="setup_code"]').fill(fs.readFileSync(file, 'utf8').trim())
  await entry.submit()
  await expect(chat.composer).toBeVisible()
  expect(fs.existsSync(file)).toBe(false)

  await settings.open('providers')
  await page.getByTestId('provider-groq-test').click()
  const result = page.getByTestId('provider-test-result')
  await expect(result).toContainText('llama')
  await settings.field('key-groq').fill('invalid-key')
  await page.getByTestId('provider-groq-save').click()
  await expect(settings.field('key-groq')).toHaveValue('')
  await page.getByTestId('provider-groq-test').click()
  await expect(result).toHaveText(/key/i)
  await expect(page.locator('body')).not.toContainText('invalid-key')

  await settings.choose('device')
  await settings.field('emergency_number').fill('119')
  await page.getByTestId('device-save').click()
  await expect(settings.field('emergency_number')).toHaveValue('119')
  await settings.back()
  await chat.ask('My father has crushing chest pain and cannot breathe')
  await expect(chat.emergencyCard.getByTestId('emergency-number')).toHaveText('119')

  await chat.signOut()
  await expect(page.getByTestId('welcome-emergency')).toContainText('119')
  await expect(page.getByTestId('set-up')).toHaveCount(0)
})

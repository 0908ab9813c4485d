import { expect, test } from './test.js'
import { seriousFindings } from './accessibility.js'
import { newPerson } from './screens/entry-screen.js'

test.use({ network: 'off' })

for (const [language, words] of Object.entries({
  en: { allergy: 'I am allergic to penicillin, my face swelled. I take metformin 500 mg.', correction: 'Sorry, metformin is 850 mg now. My husband has asthma.' },
  fr: { allergy: 'Je suis allergique à la pénicilline, mon visage a gonflé. Je prends la metformine 500 mg.', correction: 'Pardon, la metformine c’est 850 mg maintenant. Mon mari est asthmatique.' },
} as const)) {
  test(`what is remembered is shown, leads to its message, and is forgotten and brought back (${language})`, async ({ screens: { entry, chat, page } }) => {
    await entry.chooseLanguage(language as 'en' | 'fr')
    await entry.signUp(newPerson())
    await expect(page.getByTestId('open-remembered')).toHaveCount(0)
    await chat.ask('Bonjour')
    await page.getByTestId('open-remembered').click()
    const dialog = page.getByTestId('remembered-dialog')
    await expect(dialog.getByTestId('remembered-empty')).toBeVisible()
    await page.keyboard.press('Escape')

    await chat.ask(words.allergy)
    await chat.ask(words.correction)
    await page.getByTestId('open-remembered').click()
    await expect(dialog.getByTestId('remembered-medicine')).toContainText('850 mg')
    await expect(dialog).not.toContainText('500 mg')
    await expect(dialog.getByTestId('remembered-others').getByTestId('remembered-fact')).toHaveCount(1)
    await expect(dialog.getByTestId('remembered-corrected')).toHaveCount(0)
    expect(await seriousFindings(page)).toEqual([])

    const allergy = dialog.getByTestId('remembered-allergy')
    await allergy.getByTestId('remembered-forget').first().click()
    await expect(allergy).toHaveCount(0)
    await page.getByTestId('undo').click()
    await expect(allergy).toBeVisible()

    await allergy.getByTestId('remembered-jump').first().click()
    await expect(dialog).toHaveCount(0)
    await expect(chat.questions.nth(1)).toBeFocused()
    await expect(chat.questions.nth(1)).toBeInViewport()
  })
}

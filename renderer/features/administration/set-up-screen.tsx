import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { useServices } from '../../app/services.js'
import { useLanguage } from '../../app/use-language.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { Notice } from '../../components/notice.js'
import { TextField } from '../../components/text-field.js'
import { useErrorText } from '../../components/use-error-text.js'
import { useSubmit } from '../../components/use-submit.js'
import { AccountFields, emptyAccount, toRegistration } from '../account/account-fields.js'
import { EntryFrame } from '../account/entry-frame.js'
import { useSignIn } from '../account/use-sign-in.js'

/** The first administrator of a new device. */
export function SetUpScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation()
  const { client, device } = useServices()
  const language = useLanguage()
  const texts = useErrorText()
  const begin = useSignIn()
  const [values, setValues] = useState(emptyAccount)
  const [setupCode, setSetupCode] = useState('')
  const form = useSubmit(async () => {
    await client.accounts.setUpAdministrator({ ...toRegistration(values), preferred_language: language, setup_code: setupCode })
    await device.refresh()
    begin(await client.accounts.signIn({ phone_number: values.phoneNumber, password: values.password }))
  })
  return (
    <EntryFrame title={t('set_up.title')} lead={t('set_up.lead')} onBack={onBack}>
      <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
        <Notice tone="information">
          <Trans i18nKey="set_up.where" components={{ file: <code className="font-semibold whitespace-nowrap" /> }} />
        </Notice>
        <FormError error={form.error} />
        <TextField
          label={t('set_up.code')}
          name="setup_code"
          autoComplete="off"
          spellCheck={false}
          value={setupCode}
          onValue={setSetupCode}
          error={texts.ofField(form.error, 'setup_code', setupCode)}
        />
        <AccountFields values={values} onValues={setValues} error={form.error} />
        <Button type="submit" tone="primary" large busy={form.busy} data-testid="submit">
          {t('set_up.submit')}
        </Button>
      </form>
    </EntryFrame>
  )
}

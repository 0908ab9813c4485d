import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useServices } from '../../app/services.js'
import { useLanguage } from '../../app/use-language.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { useSubmit } from '../../components/use-submit.js'
import { AccountFields, emptyAccount, toRegistration } from './account-fields.js'
import { EntryFrame } from './entry-frame.js'
import { useSignIn } from './use-sign-in.js'

/** A new patient's account; the person is signed in at once. */
export function SignUpScreen({ onBack, onSignIn }: { onBack: () => void; onSignIn: () => void }) {
  const { t } = useTranslation()
  const { client } = useServices()
  const language = useLanguage()
  const begin = useSignIn()
  const [values, setValues] = useState(emptyAccount)
  const form = useSubmit(async () => {
    await client.accounts.signUp({ ...toRegistration(values), preferred_language: language })
    begin(await client.accounts.signIn({ phone_number: values.phoneNumber, password: values.password }))
  })
  return (
    <EntryFrame title={t('account.sign_up_title')} lead={t('account.sign_up_lead')} onBack={onBack}>
      <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
        <FormError error={form.error} />
        <AccountFields values={values} onValues={setValues} error={form.error} />
        <Button type="submit" tone="primary" large busy={form.busy} data-testid="submit">
          {t('account.create')}
        </Button>
        <p className="text-center text-soft">
          {t('account.have_account')}{' '}
          <button type="button" onClick={onSignIn} className="touch px-1 font-semibold text-primary underline underline-offset-4">
            {t('account.sign_in')}
          </button>
        </p>
      </form>
    </EntryFrame>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useServices } from '../../app/services.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { PasswordField } from '../../components/password-field.js'
import { useErrorText } from '../../components/use-error-text.js'
import { useSubmit } from '../../components/use-submit.js'
import { Section } from './section.js'

/** Changing the password; every other session of the account ends. */
export function PasswordSection() {
  const { t } = useTranslation()
  const { client, session, toasts } = useServices()
  const texts = useErrorText()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const form = useSubmit(async () => {
    session.begin(await client.accounts.changePassword({ current_password: current, new_password: next }))
    setCurrent('')
    setNext('')
    toasts.show({ text: t('password.changed') })
  })
  return (
    <Section title={t('password.title')} lead={t('password.lead')}>
      <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
        {form.error?.code === 'invalid_credentials' ? null : <FormError error={form.error} />}
        <PasswordField
          label={t('password.current')}
          name="current_password"
          autoComplete="current-password"
          value={current}
          onValue={setCurrent}
          error={form.error?.code === 'invalid_credentials' ? t('field.wrong_password') : texts.ofField(form.error, 'current_password')}
        />
        <PasswordField
          label={t('password.new')}
          hint={t('account.password_hint')}
          name="new_password"
          autoComplete="new-password"
          value={next}
          onValue={setNext}
          error={texts.ofField(form.error, 'new_password')}
        />
        <Button type="submit" tone="primary" busy={form.busy} className="self-start" data-testid="password-save">
          {t('password.submit')}
        </Button>
      </form>
    </Section>
  )
}

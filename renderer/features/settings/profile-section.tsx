import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useServices } from '../../app/services.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { TextField } from '../../components/text-field.js'
import { useErrorText } from '../../components/use-error-text.js'
import { useSubmit } from '../../components/use-submit.js'
import { Section } from './section.js'

/** Name and e-mail; the phone number is what the account hangs on and stays. */
export function ProfileSection() {
  const { t } = useTranslation()
  const { client, session, toasts } = useServices()
  const user = useStore(session.state, (state) => state.signedIn?.user)
  const texts = useErrorText()
  const [fullName, setFullName] = useState(user?.full_name ?? '')
  const [email, setEmail] = useState(user?.email ?? '')
  const form = useSubmit(async () => {
    session.updateUser(await client.accounts.updateProfile({ full_name: fullName, email: email.trim() === '' ? null : email.trim() }))
    toasts.show({ text: t('profile.saved') })
  })
  return (
    <Section title={t('profile.title')}>
      <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
        <FormError error={form.error} />
        <TextField label={t('account.full_name')} name="full_name" autoComplete="name" value={fullName} onValue={setFullName} error={texts.ofField(form.error, 'full_name')} />
        <TextField label={t('account.email')} name="email" inputMode="email" autoComplete="email" value={email} onValue={setEmail} error={texts.ofField(form.error, 'email')} />
        {user?.phone_number && (
          <p>
            <span className="block font-medium">{t('account.phone_number')}</span>
            <span className="text-soft tabular-nums">{user.phone_number}</span>
          </p>
        )}
        <Button type="submit" tone="primary" busy={form.busy} className="self-start" data-testid="profile-save">
          {t('common.save')}
        </Button>
      </form>
    </Section>
  )
}

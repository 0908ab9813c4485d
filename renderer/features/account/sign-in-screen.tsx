import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useServices } from '../../app/services.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { Notice } from '../../components/notice.js'
import { PasswordField } from '../../components/password-field.js'
import { TextField } from '../../components/text-field.js'
import { useErrorText } from '../../components/use-error-text.js'
import { useSubmit } from '../../components/use-submit.js'
import { EntryFrame } from './entry-frame.js'
import { useSignIn } from './use-sign-in.js'

/** Signing in with a phone number and a password. */
export function SignInScreen({ onBack, onSignUp }: { onBack: () => void; onSignUp: () => void }) {
  const { t } = useTranslation()
  const { client, session } = useServices()
  const endReason = useStore(session.state, (state) => state.endReason)
  const texts = useErrorText()
  const begin = useSignIn()
  const [phoneNumber, setPhoneNumber] = useState('')
  const [password, setPassword] = useState('')
  const form = useSubmit(async () => begin(await client.accounts.signIn({ phone_number: phoneNumber, password })))
  return (
    <EntryFrame title={t('account.sign_in_title')} onBack={onBack}>
      <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
        {(endReason === 'expired' || endReason === 'idle' || endReason === 'locked') && <Notice tone="information">{t(`ended.${endReason}`)}</Notice>}
        <FormError error={form.error} />
        <TextField
          label={t('account.phone_number')}
          hint={t('account.phone_hint')}
          name="phone_number"
          type="tel"
          autoComplete="username"
          value={phoneNumber}
          onValue={setPhoneNumber}
          error={texts.ofField(form.error, 'phone_number', phoneNumber)}
        />
        <PasswordField
          label={t('account.password')}
          name="password"
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
          error={texts.ofField(form.error, 'password', password)}
        />
        <Button type="submit" tone="primary" large busy={form.busy} data-testid="submit">
          {t('account.sign_in')}
        </Button>
        <p className="text-center text-soft">
          {t('account.no_account')}{' '}
          <button type="button" onClick={onSignUp} className="touch px-1 font-semibold text-primary underline underline-offset-4">
            {t('account.sign_up')}
          </button>
        </p>
      </form>
    </EntryFrame>
  )
}

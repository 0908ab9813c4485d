import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/contract/accounts.js'
import { useServices } from '../../app/services.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useLanguage } from '../../app/use-language.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { SelectField } from '../../components/select-field.js'
import { useSubmit } from '../../components/use-submit.js'
import { AccountFields, emptyAccount, toRegistration } from '../account/account-fields.js'
import { Section } from '../settings/section.js'

/** Nurses and administrators of this device, and making another. */
export function StaffSection() {
  const { t } = useTranslation()
  const { client, toasts } = useServices()
  const attempt = useAttempt()
  const language = useLanguage()
  const [staff, setStaff] = useState<readonly User[] | null>(null)
  const [values, setValues] = useState(emptyAccount)
  const [role, setRole] = useState<'nurse' | 'admin'>('nurse')
  const load = useCallback(() => attempt(async () => setStaff((await client.accounts.listStaff({})).staff)), [attempt, client])
  useEffect(() => void load(), [load])
  const form = useSubmit(async () => {
    const made = await client.accounts.createStaff({ ...toRegistration(values), preferred_language: language, role })
    setValues(emptyAccount)
    toasts.show({ text: t('staff.made', { name: made.full_name }) })
    await load()
  })
  return (
    <>
      <Section title={t('staff.title')}>
        <ul className="flex flex-col divide-y divide-line" data-testid="staff-list">
          {staff?.map((person) => (
            <li key={person.patient_id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-3">
              <span className="font-medium">{person.full_name}</span>
              <span className="text-sm text-soft">
                {t(`role.${person.role}`)} <span className="ml-3 tabular-nums">{person.phone_number}</span>
              </span>
            </li>
          ))}
        </ul>
        {!staff && <p role="status">{t('common.loading')}</p>}
      </Section>
      <Section title={t('staff.new')}>
        <form noValidate onSubmit={form.submit} className="flex flex-col gap-5">
          <FormError error={form.error} />
          <SelectField
            label={t('staff.role')}
            value={role}
            options={[
              { value: 'nurse', label: t('role.nurse') },
              { value: 'admin', label: t('role.admin') },
            ]}
            onValue={setRole}
          />
          <AccountFields values={values} onValues={setValues} error={form.error} />
          <Button type="submit" tone="primary" busy={form.busy} className="self-start" data-testid="staff-create">
            {t('staff.create')}
          </Button>
        </form>
      </Section>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import type { ProviderName } from '../../../shared/contract/common.js'

/** What leaves the device, to whom, and what never does: the text that is agreed to. A change of what it says is a new consentVersion. */
export function ConsentText({ providers }: { providers: readonly ProviderName[] }) {
  const { t, i18n } = useTranslation()
  const names = new Intl.ListFormat(i18n.language, { type: 'disjunction' }).format(providers.map((provider) => t(`provider.${provider}`)))
  return (
    <ul className="flex list-disc flex-col gap-1.5 pl-5">
      <li>{t('consent.leaves', { providers: names })}</li>
      <li>{t('consent.placeholders')}</li>
      <li>{t('consent.never')}</li>
      <li>{t('consent.without')}</li>
    </ul>
  )
}

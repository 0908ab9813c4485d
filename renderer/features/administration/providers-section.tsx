import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { Notice } from '../../components/notice.js'
import { Section } from '../settings/section.js'
import { ProviderCard } from './provider-card.js'

/** The providers in their order; an administrator can change them, everybody else sees how they are. */
export function ProvidersSection({ editable }: { editable: boolean }) {
  const { t } = useTranslation()
  const { preferences } = useWorkspace()
  const { device } = useServices()
  const providers = useStore(preferences, (state) => state.providers)
  const keyStore = useStore(device, (state) => state.info?.key_store)
  return (
    <>
      <Section title={t('providers.title')} lead={editable ? t('providers.lead') : t('providers.lead_read')}>
        {editable && keyStore && <Notice tone={keyStore === 'system' ? 'information' : 'caution'}>{t(`key_store.${keyStore}`)}</Notice>}
        {!editable && (
          <ul className="flex flex-col divide-y divide-line">
            {providers.map((provider) => (
              <li key={provider.provider} className="flex flex-wrap justify-between gap-x-4 py-3">
                <span className="font-medium">{t(`provider.${provider.provider}`)}</span>
                <span className="text-soft">{provider.enabled || !provider.configured ? t(`health.${provider.health}`) : t('providers.off')}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {editable && providers.map((provider, index) => <ProviderCard key={provider.provider} provider={provider} index={index} order={providers.map((one) => one.provider)} />)}
    </>
  )
}

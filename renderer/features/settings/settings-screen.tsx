import { ArrowLeft } from 'lucide-react'
import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useServices } from '../../app/services.js'
import { IconButton } from '../../components/icon-button.js'
import { DeviceSection } from '../administration/device-section.js'
import { ProvidersSection } from '../administration/providers-section.js'
import { StaffSection } from '../administration/staff-section.js'
import { VoiceSection } from '../voice/voice-section.js'
import { AnswersSection } from './answers-section.js'
import { AppearanceSection } from './appearance-section.js'
import { PasswordSection } from './password-section.js'
import { ProfileSection } from './profile-section.js'

interface Tab {
  value: 'general' | 'answers' | 'profile' | 'providers' | 'device' | 'staff'
  content: ReactNode
}

const triggerClass =
  'touch shrink-0 rounded-xl px-4 text-left font-medium whitespace-nowrap text-soft hover:bg-primary-soft data-[state=active]:bg-primary data-[state=active]:text-on-primary'

const profile: Tab = {
  value: 'profile',
  content: (
    <>
      <ProfileSection />
      <PasswordSection />
    </>
  ),
}
const administration: readonly Tab[] = [
  { value: 'device', content: <DeviceSection /> },
  { value: 'staff', content: <StaffSection /> },
]

/** What a person can set for themselves, and an administrator for the device. */
export function SettingsScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation()
  const role = useStore(useServices().session.state, (state) => state.signedIn?.user.role)
  const administrator = role === 'admin'
  const tabs: readonly Tab[] = [
    { value: 'general', content: <AppearanceSection /> },
    { value: 'answers', content: <><AnswersSection /><VoiceSection /></> },
    ...(role === 'guest' ? [] : [profile]),
    { value: 'providers', content: <ProvidersSection editable={administrator} /> },
    ...(administrator ? administration : []),
  ]
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex items-center gap-1 border-b border-line px-2 py-2 sm:px-4">
        <IconButton label={t('common.back')} data-testid="back" icon={<ArrowLeft aria-hidden className="size-5.5" />} onClick={onBack} />
        <h1 className="px-2 text-lg font-semibold">{t('settings.title')}</h1>
      </header>
      <Tabs.Root defaultValue="general" orientation="vertical" className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <Tabs.List aria-label={t('settings.title')} className="flex shrink-0 gap-1 overflow-x-auto border-b border-line p-3 lg:w-56 lg:flex-col lg:border-r lg:border-b-0">
          {tabs.map(({ value }) => (
            <Tabs.Trigger key={value} value={value} data-testid={`settings-${value}`} className={triggerClass}>
              {t(`settings.tab.${value}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {tabs.map(({ value, content }) => (
            <Tabs.Content key={value} value={value} className="mx-auto flex max-w-2xl flex-col gap-5 p-4 outline-none sm:p-6">
              {content}
            </Tabs.Content>
          ))}
        </div>
      </Tabs.Root>
    </div>
  )
}

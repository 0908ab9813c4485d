import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { themes } from '../../../shared/contract/settings.js'
import { useServices } from '../../app/services.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { Segments } from '../../components/segments.js'
import { LanguageSwitch } from './language-switch.js'
import { Section } from './section.js'

/** Language, theme, and for people with a keyboard what it can do. */
export function AppearanceSection() {
  const { t } = useTranslation()
  const { appearance, client, session, device } = useServices()
  const { preferences } = useWorkspace()
  const attempt = useAttempt()
  const theme = useStore(appearance, (state) => state.theme)
  const { info } = useStore(device)
  const shortcuts = [
    { keys: t('shortcut.new_keys'), text: t('conversations.new') },
    { keys: t('shortcut.search_keys'), text: t('conversations.search') },
    { keys: t('shortcut.settings_keys'), text: t('settings.title') },
    { keys: t('shortcut.send_keys'), text: t('composer.send') },
    { keys: t('shortcut.line_keys'), text: t('shortcut.line') },
  ]
  return (
    <>
      <Section title={t('settings.language')}>
        <div>
          <LanguageSwitch
            onChosen={(language) => void attempt(async () => session.updateUser(await client.accounts.updateProfile({ preferred_language: language })))}
          />
        </div>
      </Section>
      <Section title={t('settings.theme')}>
        <div>
          <Segments
            label={t('settings.theme')}
            value={theme}
            options={themes.map((value) => ({ value, label: t(`theme.${value}`), testId: `theme-${value}` }))}
            onValue={(chosen) => {
              appearance.setTheme(chosen)
              void attempt(() => preferences.update({ theme: chosen }))
            }}
          />
        </div>
      </Section>
      {info?.kiosk === false && (
        <Section title={t('shortcut.title')}>
          <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2.5">
            {shortcuts.map(({ keys, text }) => (
              <div key={keys} className="contents">
                <dt>
                  <kbd className="rounded-md border border-line-strong bg-sunken px-2 py-1 font-sans text-sm whitespace-nowrap">{keys}</kbd>
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
      {info && <p className="px-1 text-sm text-soft">{t('settings.version', { version: info.version })}</p>}
    </>
  )
}

import type { i18n as I18n } from 'i18next'
import { useEffect } from 'react'
import { I18nextProvider, useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { CarechatBridge } from '../client/carechat-bridge.js'
import { Toasts } from '../components/toasts.js'
import { EntryScreens } from '../features/welcome/entry-screens.js'
import { Announcer } from './announcer.js'
import { ConnectionBanner } from './connection-banner.js'
import { ErrorBoundary } from './error-boundary.js'
import { IdleGuard } from './idle-guard.js'
import { MainScreen } from './main-screen.js'
import { ServicesContext, useServices, type Services } from './services.js'
import { useLeave } from './use-leave.js'

/** Pause between two looks at the device's health, in ms: at rest, and while something is changing. */
const restingMs = 15_000
const changingMs = 3_000

/** Keeps the page's language, theme and size of type in step with the stores. */
function useDocumentAppearance(i18n: I18n): void {
  const { appearance, device } = useServices()
  const language = useStore(appearance, (state) => state.language)
  const theme = useStore(appearance, (state) => state.theme)
  const kiosk = useStore(device, (state) => state.info?.kiosk === true)
  useEffect(() => {
    document.documentElement.lang = language
    void i18n.changeLanguage(language)
  }, [i18n, language])
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
    document.documentElement.dataset['kiosk'] = String(kiosk)
  }, [theme, kiosk])
}

function useDeviceWatch(): void {
  const { device, connection } = useServices()
  const connected = useStore(connection, (state) => state.status === 'connected')
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let ended = false
    const look = async (): Promise<void> => {
      await device.refresh()
      if (ended) return
      const { health, info } = device.getState()
      const changing = !info || !health || health.retrieval.status === 'building' || health.database !== 'connected'
      timer = setTimeout(() => void look(), connected && !changing ? restingMs : changingMs)
    }
    void look()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, [device, connected])
}

function Shell({ i18n, bridge }: { i18n: I18n; bridge: CarechatBridge | undefined }) {
  const { t } = useTranslation()
  const { session, toasts, appearance } = useServices()
  const signedIn = useStore(session.state, (state) => state.signedIn)
  const leave = useLeave()
  useDocumentAppearance(i18n)
  useDeviceWatch()
  const nobody = signedIn === null
  useEffect(() => {
    if (!nobody) return
    // However a session ended, nothing of the person stays in what outlives it.
    toasts.clear()
    appearance.reset()
    window.getSelection()?.removeAllRanges()
  }, [nobody, toasts, appearance])
  useEffect(() => bridge?.onLock(() => leave('locked')), [bridge, leave])
  return (
    <div className="flex h-full flex-col">
      <a
        href="#content"
        className="sr-only z-60 rounded-xl bg-primary px-4 py-3 font-medium text-on-primary focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        {t('common.skip')}
      </a>
      <ConnectionBanner />
      <div className="min-h-0 flex-1">
        {signedIn ? (
          <>
            <MainScreen key={signedIn.user.patient_id} />
            <IdleGuard onIdle={() => leave('idle')} />
          </>
        ) : (
          <EntryScreens />
        )}
      </div>
      <Toasts store={toasts} />
    </div>
  )
}

/** The whole window. */
export function App({ services, i18n, bridge }: { services: Services; i18n: I18n; bridge: CarechatBridge | undefined }) {
  return (
    <I18nextProvider i18n={i18n}>
      <ServicesContext value={services}>
        <ErrorBoundary>
          <Announcer>
            <Shell i18n={i18n} bridge={bridge} />
          </Announcer>
        </ErrorBoundary>
      </ServicesContext>
    </I18nextProvider>
  )
}

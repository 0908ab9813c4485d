import clsx from 'clsx'
import { BookOpenText, Check, KeyRound, Phone, UserPlus, WifiOff, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { languages, type Language } from '../../../shared/contract/common.js'
import { useServices } from '../../app/services.js'
import { useLanguage } from '../../app/use-language.js'
import { Button } from '../../components/button.js'
import { FormError } from '../../components/form-error.js'
import { Logo } from '../../components/logo.js'
import { Notice } from '../../components/notice.js'
import { useSubmit } from '../../components/use-submit.js'
import { useSignIn } from '../account/use-sign-in.js'
import type { EntryScreen } from './entry-screens.js'

const languageNames: Record<Language, string> = { en: 'English', fr: 'Français' }

function LanguageChoice() {
  const { t } = useTranslation()
  const { appearance } = useServices()
  const language = useLanguage()
  return (
    <div role="group" aria-label={t('welcome.language')} className="grid grid-cols-2 gap-3">
      {languages.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          data-testid={`welcome-language-${one}`}
          aria-pressed={language === one}
          onClick={() => appearance.chooseLanguage(one)}
          className={clsx(
            'flex min-h-16 items-center justify-center gap-2 rounded-2xl border-2 text-xl font-semibold transition-colors',
            language === one ? 'border-primary bg-primary-soft text-ink' : 'border-line bg-surface text-soft hover:border-line-strong hover:text-ink',
          )}
        >
          {language === one && <Check aria-hidden className="size-5 text-primary" />}
          {languageNames[one]}
        </button>
      ))}
    </div>
  )
}

function Hero() {
  const { t } = useTranslation()
  const points = [
    { Icon: BookOpenText, text: t('welcome.point_sources') },
    { Icon: WifiOff, text: t('welcome.point_offline') },
    { Icon: ShieldCheck, text: t('welcome.point_private') },
  ]
  return (
    <header className="flex flex-col justify-between gap-8 bg-hero px-6 py-7 text-on-hero [--logo-stroke:var(--hero)] sm:px-10 lg:w-[44%] lg:px-14 lg:py-12">
      <div className="flex items-center gap-3">
        <Logo className="size-10" />
        <div className="leading-tight">
          <p className="text-lg font-semibold">{t('app.name')}</p>
          <p className="text-sm text-on-hero-soft">{t('app.hospital')}</p>
        </div>
      </div>
      <div className="max-w-lg">
        <h1 className="font-serif text-[2rem] leading-[1.15] font-semibold lg:text-5xl lg:leading-[1.1]">{t('welcome.title')}</h1>
        <p className="mt-4 text-lg text-on-hero-soft">{t('welcome.text')}</p>
      </div>
      <ul className="hidden flex-col gap-4 lg:flex">
        {points.map(({ Icon, text }) => (
          <li key={text} className="flex items-start gap-3">
            <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-on-hero-soft" />
            {text}
          </li>
        ))}
      </ul>
    </header>
  )
}

/** The first screen: a language, and the ways in. */
export function WelcomeScreen({ onGo }: { onGo: (screen: EntryScreen) => void }) {
  const { t } = useTranslation()
  const { client, session, device } = useServices()
  const info = useStore(device, (state) => state.info)
  const endReason = useStore(session.state, (state) => state.endReason)
  const language = useLanguage()
  const begin = useSignIn()
  const guest = useSubmit(async () => begin(await client.accounts.continueAsGuest({ preferred_language: language })))
  const kiosk = info?.kiosk === true

  const guestButton = (
    <Button tone={kiosk ? 'primary' : 'secondary'} large data-testid="guest" busy={guest.busy} onClick={() => guest.submit()}>
      {t('welcome.guest')}
    </Button>
  )
  const signInButton = (
    <Button tone={kiosk ? 'secondary' : 'primary'} large data-testid="sign-in" icon={<KeyRound aria-hidden className="size-5" />} onClick={() => onGo('sign-in')}>
      {t('welcome.sign_in')}
    </Button>
  )
  return (
    <div className="flex h-full flex-col overflow-y-auto lg:flex-row">
      <Hero />
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col items-center justify-center px-6 py-8 outline-none sm:px-10">
        <div className="flex w-full max-w-md flex-col gap-7">
          {(endReason === 'idle' || endReason === 'locked') && <Notice tone="information">{t(`ended.${endReason}`)}</Notice>}
          {endReason === 'expired' && <Notice tone="information">{t('ended.gone')}</Notice>}
          <LanguageChoice />
          <div className="flex flex-col gap-3">
            {kiosk ? guestButton : signInButton}
            {kiosk ? signInButton : guestButton}
            <Button tone="quiet" large data-testid="sign-up" icon={<UserPlus aria-hidden className="size-5" />} onClick={() => onGo('sign-up')}>
              {t('welcome.sign_up')}
            </Button>
            <p className="text-center text-sm text-soft">{t('welcome.guest_note')}</p>
            <FormError error={guest.error} />
          </div>
          {info && info.emergency_number !== '' && (
            <p data-testid="welcome-emergency" className="flex items-center gap-3 rounded-2xl border-2 border-danger px-4 py-3">
              <Phone aria-hidden className="size-6 shrink-0 text-danger" />
              <span>
                {t('welcome.emergency')} <strong className="text-xl whitespace-nowrap text-danger tabular-nums">{info.emergency_number}</strong>
              </span>
            </p>
          )}
          <p className="text-center text-sm text-soft">{t('disclaimer')}</p>
          {info && !info.has_administrator && (
            <div className="border-t border-line pt-3 text-center">
              <Button tone="quiet" data-testid="set-up" className="text-sm" onClick={() => onGo('set-up')}>
                {t('welcome.set_up')}
              </Button>
            </div>
          )}
        </div>
      </main>
    </div>
  )
}

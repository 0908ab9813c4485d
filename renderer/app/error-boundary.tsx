import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.js'
import { Logo } from '../components/logo.js'

function Broken() {
  const { t } = useTranslation()
  return (
    <main role="alert" className="flex h-full flex-col items-center justify-center gap-5 p-6 text-center">
      <Logo className="size-14 text-primary" />
      <h1 className="font-serif text-3xl font-semibold">{t('broken.title')}</h1>
      <p className="max-w-md text-soft">{t('broken.text')}</p>
      <Button tone="primary" large onClick={() => window.location.reload()}>
        {t('broken.reload')}
      </Button>
    </main>
  )
}

/** Shows a way on when a part of the window fails, instead of an empty page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children
  }
}

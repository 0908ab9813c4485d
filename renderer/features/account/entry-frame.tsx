import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.js'
import { Logo } from '../../components/logo.js'
import { LanguageSwitch } from '../settings/language-switch.js'

export interface EntryFrameProps {
  title: string
  lead?: string
  onBack: () => void
  children: ReactNode
}

/** A form in the middle of the page, with the way back and the language at hand. */
export function EntryFrame({ title, lead, onBack, children }: EntryFrameProps) {
  const { t } = useTranslation()
  return (
    <div className="flex h-full flex-col overflow-y-auto">
      <header className="flex items-center justify-between gap-3 px-4 py-3 sm:px-8">
        <Button tone="quiet" icon={<ArrowLeft aria-hidden className="size-5" />} onClick={onBack} data-testid="back">
          {t('common.back')}
        </Button>
        <LanguageSwitch />
      </header>
      <main id="content" tabIndex={-1} className="mx-auto flex w-full max-w-lg flex-1 flex-col px-4 pt-2 pb-12 outline-none sm:px-8 lg:pt-8">
        <Logo className="size-11 text-primary" />
        <h1 className="mt-4 font-serif text-3xl font-semibold">{title}</h1>
        {lead && <p className="mt-2 text-soft">{lead}</p>}
        <div className="mt-6">{children}</div>
      </main>
    </div>
  )
}

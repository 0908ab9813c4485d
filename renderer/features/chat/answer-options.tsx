import { SlidersHorizontal } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { AnswerPreferencesFields } from '../settings/answer-preferences-fields.js'

/** Which provider and model answer, how freely, and whether from the documents: for the next questions. */
export function AnswerOptions() {
  const { t } = useTranslation()
  const { preferences } = useWorkspace()
  const provider = useStore(preferences, (state) => state.preferences.provider)
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button tone="quiet" data-testid="provider-choice" className="shrink-0" icon={<SlidersHorizontal aria-hidden className="size-5 shrink-0" />}>
          <span className="sr-only">{t('answers.title')}</span>
          <span className="sr-only sm:not-sr-only">{provider ? t(`provider.${provider}`) : t('answers.automatic')}</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-label={t('answers.title')}
          className="animate-appear z-50 flex max-h-[75dvh] w-[min(24rem,calc(100vw-1.5rem))] flex-col gap-4 overflow-y-auto rounded-2xl border border-line bg-raised p-5 text-ink shadow-lift"
        >
          <h2 className="font-serif text-xl font-semibold">{t('answers.title')}</h2>
          <AnswerPreferencesFields />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

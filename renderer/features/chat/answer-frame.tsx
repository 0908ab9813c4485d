import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '../../../shared/contract/common.js'
import { Logo } from '../../components/logo.js'

/** The place of an answer: who speaks, then what is said. */
export function AnswerFrame({ language, children, after, testId }: { language: Language | undefined; children: ReactNode; after?: ReactNode; testId?: string }) {
  const { t } = useTranslation()
  return (
    <article data-testid={testId} className="flex flex-col gap-3">
      <h2 className="flex items-center gap-2 font-semibold">
        <Logo className="size-6 text-primary" />
        {t('chat.assistant')}
      </h2>
      <div lang={language} className="flex flex-col gap-4">
        {children}
      </div>
      {after}
    </article>
  )
}

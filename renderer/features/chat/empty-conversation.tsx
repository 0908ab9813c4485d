import { MessageCircleQuestion } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'

const suggestions = ['fever', 'cough', 'diarrhoea', 'pregnancy', 'hypertension', 'medicine'] as const

/** What stands in a conversation before the first question. */
export function EmptyConversation({ conversationKey }: { conversationKey: string }) {
  const { t } = useTranslation()
  const { chat } = useWorkspace()
  const user = useStore(useServices().session.state, (state) => state.signedIn?.user)
  const ask = (question: string): void => {
    chat.setDraft(conversationKey, question)
    void chat.send(conversationKey)
  }
  return (
    <section className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 py-6 sm:px-8">
      <div className="m-auto w-full max-w-2xl">
        <h2 className="font-serif text-3xl font-semibold sm:text-4xl">
          {user && user.role !== 'guest' ? t('empty.title_named', { name: user.full_name.split(' ')[0] ?? '' }) : t('empty.title')}
        </h2>
        <p className="mt-3 text-lg text-soft">{t('empty.text')}</p>
        <h3 className="mt-8 mb-3 font-medium text-soft">{t('empty.suggestions')}</h3>
        <ul className="grid gap-2.5 sm:grid-cols-2">
          {suggestions.map((name) => (
            <li key={name}>
              <button
                type="button"
                data-testid="suggestion"
                onClick={() => ask(t(`suggestion.${name}`))}
                className="flex min-h-14 w-full items-center gap-3 rounded-2xl border border-line bg-surface px-4 py-3 text-left transition-colors hover:border-primary hover:bg-primary-soft"
              >
                <MessageCircleQuestion aria-hidden className="size-5 shrink-0 text-primary" />
                {t(`suggestion.${name}`)}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

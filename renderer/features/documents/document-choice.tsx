import { Check, FileText, Files, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useAttempt } from '../../app/use-attempt.js'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { matchesTitle } from '../conversations/matches-title.js'

/** From how many documents on they can be searched. */
const searchFrom = 8
/** The contract's most documents of a question. */
const mostChosen = 50

/** Which documents the next questions are asked over: all, or chosen ones, each as a chip that can be taken off. For staff. */
export function DocumentChoice() {
  const { t } = useTranslation()
  const { documents: store } = useWorkspace()
  const { session, connection } = useServices()
  const attempt = useAttempt()
  const isStaff = useStore(session.state, (state) => state.signedIn?.user.role === 'nurse' || state.signedIn?.user.role === 'admin')
  const connected = useStore(connection, (state) => state.status === 'connected')
  const { documents, chosen } = useStore(store)
  const [search, setSearch] = useState('')
  useEffect(() => {
    if (isStaff && connected) void attempt(() => store.load())
  }, [isStaff, connected, attempt, store])
  const askable = documents.filter(({ state }) => state === 'ready' || state === 'indexing')
  if (!isStaff || askable.length === 0) return null
  const named = askable.filter((document) => chosen.includes(document.document_id))
  const toggle = (id: string): void => store.choose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-mostChosen))
  const shown = askable.filter((document) => matchesTitle(document.title, search))
  return (
    <div className="mb-2 flex flex-wrap items-center gap-1.5" data-testid="document-choice">
      <Popover.Root onOpenChange={(open) => open && void attempt(() => store.load())}>
        <Popover.Trigger asChild>
          <button type="button" data-testid="choose-documents" className="touch inline-flex items-center gap-2 rounded-full border border-line bg-surface px-3.5 text-sm font-medium hover:border-primary">
            <Files aria-hidden className="size-4.5 text-primary" />
            {named.length === 0 ? t('documents.ask_all') : t('documents.ask_chosen', { count: named.length })}
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="start"
            side="top"
            sideOffset={6}
            collisionPadding={12}
            aria-label={t('documents.ask_over')}
            className="animate-appear z-50 flex max-h-[60dvh] w-[min(26rem,calc(100vw-1.5rem))] flex-col gap-2 overflow-y-auto rounded-2xl border border-line bg-raised p-3 text-ink shadow-lift"
          >
            <h2 className="px-2 pt-1 font-serif text-xl font-semibold">{t('documents.ask_over')}</h2>
            {askable.length >= searchFrom && (
              <input
                type="search"
                aria-label={t('documents.search')}
                placeholder={t('documents.search')}
                value={search}
                onChange={(event) => setSearch(event.target.value)}
                className="touch rounded-xl border border-line bg-surface px-3"
              />
            )}
            <Choice checked={named.length === 0} label={t('documents.ask_all_long')} onToggle={() => store.choose([])} testId="ask-all" />
            {shown.map((document) => (
              <Choice
                key={document.document_id}
                checked={chosen.includes(document.document_id)}
                label={document.title}
                lang={document.lang ?? undefined}
                onToggle={() => toggle(document.document_id)}
                testId="ask-document"
              />
            ))}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {named.map((document) => (
        <button
          key={document.document_id}
          type="button"
          data-testid="document-chip"
          aria-label={t('documents.leave_out', { title: document.title })}
          onClick={() => toggle(document.document_id)}
          className="touch inline-flex max-w-60 items-center gap-1.5 rounded-full bg-primary-soft px-3.5 text-sm text-ink"
        >
          <FileText aria-hidden className="size-4 shrink-0 text-primary" />
          <span className="truncate" lang={document.lang ?? undefined}>
            {document.title}
          </span>
          <X aria-hidden className="size-4 shrink-0" />
        </button>
      ))}
    </div>
  )
}

function Choice({ checked, label, lang, onToggle, testId }: { checked: boolean; label: string; lang?: string | undefined; onToggle: () => void; testId: string }) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={checked}
      lang={lang}
      data-testid={testId}
      onClick={onToggle}
      className="touch flex items-center gap-3 rounded-xl px-2 py-1.5 text-left hover:bg-primary-soft"
    >
      <span aria-hidden className={`inline-flex size-5.5 shrink-0 items-center justify-center rounded-md border ${checked ? 'border-primary bg-primary text-on-primary' : 'border-line-strong'}`}>
        {checked && <Check className="size-4" />}
      </span>
      <span className="min-w-0 wrap-anywhere">{label}</span>
    </button>
  )
}

import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { SearchResult } from '../../../shared/contract/conversations.js'
import { useWorkspace } from '../../app/workspace.js'
import { passageExcerpt } from './passage-excerpt.js'

/** Up to how many sources each shows the beginning of its passage. */
const withExcerpts = 4

/** The numbered passages that an answer rests on; each opens its article. */
export function SourceCards({ sources }: { sources: readonly SearchResult[] }) {
  const { t } = useTranslation()
  const { sources: store } = useWorkspace()
  const open = useStore(store, (state) => state.open?.source)
  return (
    <div role="group" data-testid="sources" aria-label={t('sources.title')}>
      <h3 className="mb-2 text-sm font-medium text-soft">{t('sources.title')}</h3>
      <ol className="grid gap-2 sm:grid-cols-2">
        {sources.map((source, index) => (
          <li key={`${source.document_id} ${source.start} ${index}`}>
            <button
              type="button"
              lang={source.lang}
              data-testid="source-card"
              aria-pressed={open === source}
              onClick={() => void store.show(source, index + 1)}
              className="flex h-full w-full items-start gap-3 rounded-xl border border-line bg-surface p-3 text-left transition-colors hover:border-primary aria-pressed:border-primary aria-pressed:bg-primary-soft"
            >
              <span className="inline-flex h-6 min-w-6 items-center justify-center rounded-md bg-primary-soft px-1.5 text-sm font-semibold text-primary">{index + 1}</span>
              <span className="min-w-0">
                <span className="block font-medium">{source.title}</span>
                {source.heading && <span className="block text-sm text-soft">{source.heading}</span>}
                {source.page !== undefined && <span className="block text-sm text-soft">{t('documents.page', { page: source.page })}</span>}
                {sources.length <= withExcerpts && <span className="mt-1 line-clamp-2 text-sm text-soft">{passageExcerpt(source.passage)}</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  )
}

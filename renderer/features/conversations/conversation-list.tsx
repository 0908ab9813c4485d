import { useVirtualizer } from '@tanstack/react-virtual'
import { Files, LogOut, Plus, Search, Settings, Star } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useAttempt } from '../../app/use-attempt.js'
import { useLeave } from '../../app/use-leave.js'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { IconButton } from '../../components/icon-button.js'
import { Logo } from '../../components/logo.js'
import { ConversationItem } from './conversation-item.js'
import { matchesTitle } from './matches-title.js'

export interface ConversationListProps {
  onNew: () => void
  onPick: (key: string) => void
  onSettings: () => void
  onDocuments: () => void
  /** What stands beside the list. */
  view: 'chat' | 'documents' | 'settings'
}

/** Height of a row before it is measured, in px. */
const estimatedRow = 64

/** The person's conversations: a new one, search in titles, favourites, and the rows, drawn only as far as they are in sight. */
export function ConversationList({ onNew, onPick, onSettings, onDocuments, view }: ConversationListProps) {
  const { t } = useTranslation()
  const { conversations } = useWorkspace()
  const { session } = useServices()
  const user = useStore(session.state, (state) => state.signedIn?.user)
  const isStaff = user?.role === 'nurse' || user?.role === 'admin'
  const { items, selected, status, nextCursor } = useStore(conversations)
  const attempt = useAttempt()
  const leave = useLeave()
  const [search, setSearch] = useState('')
  const [favoritesOnly, setFavoritesOnly] = useState(false)
  const untitled = t('conversations.untitled')
  const shown = useMemo(
    () => items.filter((item) => (!favoritesOnly || item.is_favorite) && matchesTitle(item.title ?? untitled, search)),
    [items, favoritesOnly, search, untitled],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimatedRow,
    getItemKey: (index) => shown[index]?.conversation_id ?? index,
    overscan: 8,
  })
  const rows = virtualizer.getVirtualItems()
  const lastRow = rows.at(-1)?.index ?? -1
  useEffect(() => {
    if (nextCursor !== null && status === 'ready' && lastRow >= shown.length - 1) void attempt(() => conversations.loadMore())
  }, [nextCursor, status, lastRow, shown.length, attempt, conversations])

  /** Up and down move through the rows; the one that is reached takes the focus. */
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
    if (step === 0 || (!row && step < 0)) return
    const index = row ? Number(row.dataset['row']) + step : 0
    if (index < 0 || index >= shown.length) return
    event.preventDefault()
    virtualizer.scrollToIndex(index)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${index}"] [data-open]`)?.focus())
  }

  return (
    <>
      <div className="flex items-center gap-2.5 px-4 pt-4 pb-3 [--logo-stroke:var(--sunken)]">
        <Logo className="size-9 text-primary" />
        <div className="min-w-0 leading-tight">
          <p className="font-semibold">{t('app.name')}</p>
          <p className="truncate text-sm text-soft">{t('app.hospital')}</p>
        </div>
      </div>
      <div className="flex flex-col gap-2 px-3 pb-2" onKeyDown={move} role="presentation">
        <Button tone="primary" data-testid="new-conversation" icon={<Plus aria-hidden className="size-5" />} onClick={onNew} className="justify-start">
          {t('conversations.new')}
        </Button>
        {isStaff && (
          <Button data-testid="documents" aria-current={view === 'documents' ? 'page' : undefined} icon={<Files aria-hidden className="size-5" />} onClick={onDocuments} className="justify-start aria-[current]:border-primary aria-[current]:bg-primary-soft">
            {t('documents.title')}
          </Button>
        )}
        <div className="flex items-center gap-1">
          <div className="relative min-w-0 flex-1">
            <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4.5 -translate-y-1/2 text-soft" />
            <input
              type="search"
              data-conversation-search
              data-testid="conversation-search"
              aria-label={t('conversations.search')}
              placeholder={t('conversations.search')}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              className="touch w-full rounded-xl border border-line bg-surface pr-2 pl-9.5"
            />
          </div>
          <IconButton
            label={t('conversations.favorites')}
            aria-pressed={favoritesOnly}
            data-testid="favorites-only"
            icon={<Star aria-hidden className={favoritesOnly ? 'size-5 fill-current' : 'size-5'} />}
            onClick={() => setFavoritesOnly(!favoritesOnly)}
          />
        </div>
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2" onKeyDown={move} role="presentation">
        {shown.length === 0 && (
          <p className="px-4 py-8 text-center text-soft">
            {status === 'idle' || status === 'loading'
              ? t('common.loading')
              : status === 'failed'
                ? t('conversations.failed')
                : items.length === 0
                  ? t('conversations.empty')
                  : favoritesOnly && search === ''
                    ? t('conversations.no_favorites')
                    : t('conversations.no_match')}
          </p>
        )}
        {shown.length > 0 && (
          <ul className="relative" style={{ height: virtualizer.getTotalSize() }} aria-label={t('conversations.title')}>
            {rows.map((row) => {
              const item = shown[row.index]
              return (
                item && (
                  <li
                    key={row.key}
                    ref={virtualizer.measureElement}
                    data-index={row.index}
                    data-row={row.index}
                    className="absolute inset-x-0 top-0 pb-0.5"
                    style={{ transform: `translateY(${row.start}px)` }}
                  >
                    <ConversationItem conversation={item} open={view === 'chat' && item.conversation_id === selected} onOpen={() => onPick(item.conversation_id)} />
                  </li>
                )
              )
            })}
          </ul>
        )}
      </div>
      <div className="flex items-center gap-1 border-t border-line px-3 py-2">
        <div className="min-w-0 flex-1 pl-1 leading-tight">
          <p className="truncate font-medium">{user?.role === 'guest' ? t('role.guest') : user?.full_name}</p>
          {user && user.role !== 'guest' && <p className="text-sm text-soft">{t(`role.${user.role}`)}</p>}
        </div>
        <IconButton label={t('settings.title')} data-testid="settings" aria-pressed={view === 'settings'} icon={<Settings aria-hidden className="size-5" />} onClick={onSettings} />
        <IconButton label={t('account.sign_out')} data-testid="sign-out" icon={<LogOut aria-hidden className="size-5" />} onClick={() => leave('left')} />
      </div>
    </>
  )
}

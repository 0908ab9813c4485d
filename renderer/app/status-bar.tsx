import clsx from 'clsx'
import { BookOpenText, Check, Cloud, CloudOff, LoaderCircle, RefreshCwOff, Server, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { providerNames, type ProviderName } from '../../shared/contract/common.js'
import type { Health } from '../../shared/contract/system.js'
import { emptyThread } from '../features/chat/thread.js'
import { useServices } from './services.js'
import { useWorkspace } from './workspace.js'

interface ItemProps {
  icon: ReactNode
  children: ReactNode
  testId: string
  tone?: 'soft' | 'caution' | 'danger'
  /** Left out where there is no room. */
  secondary?: boolean
  /** Never shortened. */
  keep?: boolean
}

function Item({ icon, children, testId, tone = 'soft', secondary = false, keep = false }: ItemProps) {
  return (
    <li
      data-testid={testId}
      className={clsx('items-center gap-1.5', keep ? 'shrink-0' : 'min-w-0', secondary ? 'hidden md:flex' : 'flex', { 'text-soft': tone === 'soft', 'text-caution': tone === 'caution', 'text-danger': tone === 'danger' })}
    >
      {icon}
      <span className="truncate">{children}</span>
    </li>
  )
}

/** The provider that answers next: the first of the order that is not known to fail. */
function answeringProvider(health: Health): ProviderName | undefined {
  const usable = providerNames.filter((name) => ['available', 'unknown'].includes(health.providers[name] ?? ''))
  return usable.find((name) => health.providers[name] === 'available') ?? usable[0]
}

function AnswersFrom({ health }: { health: Health }) {
  const { t } = useTranslation()
  const provider = answeringProvider(health)
  const configured = Object.values(health.providers).some((state) => state !== 'not_configured')
  if (provider === undefined) {
    return (
      <Item testId="status-provider" tone={configured ? 'caution' : 'soft'} icon={<CloudOff aria-hidden className="size-4 shrink-0" />}>
        {configured ? t('status.offline') : t('status.no_provider')}
      </Item>
    )
  }
  const Icon = provider === 'local' ? Server : Cloud
  const label = t(`provider.${provider}`)
  return (
    <Item testId="status-provider" icon={<Icon aria-hidden className="size-4 shrink-0" />}>
      {health.providers[provider] === 'available' ? t('status.online', { provider: label }) : t('status.ready', { provider: label })}
    </Item>
  )
}

function Retrieval({ health }: { health: Health }) {
  const { t, i18n } = useTranslation()
  const { status, progress, documents } = health.retrieval
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(progress)
  const tone = status === 'ready' ? 'soft' : status === 'unavailable' ? 'danger' : 'caution'
  return (
    <Item
      testId="status-retrieval"
      tone={tone}
      secondary={status === 'ready'}
      icon={status === 'building' ? <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" /> : <BookOpenText aria-hidden className="size-4 shrink-0" />}
    >
      {status === 'ready' && t('status.documents', { count: documents })}
      {status === 'building' && t('status.building', { percent })}
      {status === 'keyword_only' && t('status.keyword_only')}
      {status === 'unavailable' && t('status.no_documents')}
    </Item>
  )
}

function Saving() {
  const { t } = useTranslation()
  const { chat, conversations } = useWorkspace()
  const selected = useStore(conversations, (state) => state.selected)
  const thread = useStore(chat, (state) => state.threads[selected] ?? emptyThread)
  if (thread.activity) {
    return (
      <Item testId="status-saving" keep icon={<LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" />}>
        {t('status.saving')}
      </Item>
    )
  }
  if (thread.messages.length === 0) return null
  return (
    <Item testId="saved" keep icon={<Check aria-hidden className="size-4 shrink-0 text-primary" />}>
      {t('status.saved')}
    </Item>
  )
}

/** How answers are made just now, and whether everything on the screen is on the disk. */
export function StatusBar() {
  const { t } = useTranslation()
  const { device, connection } = useServices()
  const { health: lastHealth, info } = useStore(device)
  // What was true before the service went away is not shown as if it still were.
  const health = useStore(connection, (state) => state.status === 'connected') ? lastHealth : null
  return (
    <footer aria-label={t('status.title')} className="border-t border-line bg-sunken px-4 py-1.5 text-sm">
      {info?.notices.map((notice) => (
        <p key={notice} className="flex items-center gap-1.5 py-1 font-medium text-caution">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          {t(`notice.${notice}`)}
        </p>
      ))}
      <ul className="flex items-center gap-x-4 overflow-hidden whitespace-nowrap">
        {health && <AnswersFrom health={health} />}
        {health && <Retrieval health={health} />}
        {health?.database === 'recovering' && (
          <Item testId="status-database" tone="caution" icon={<LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" />}>
            {t('status.recovering')}
          </Item>
        )}
        <li className="flex-1" aria-hidden />
        <Saving />
        {health && (
          <Item testId="status-sync" secondary icon={<RefreshCwOff aria-hidden className="size-4 shrink-0" />}>
            {t('status.sync_off')}
          </Item>
        )}
      </ul>
    </footer>
  )
}

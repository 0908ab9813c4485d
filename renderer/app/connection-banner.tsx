import { LoaderCircle, OctagonAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useServices } from './services.js'

/** Says that the service on this device is away, and that nothing is lost by it. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const status = useStore(useServices().connection, (state) => state.status)
  if (status === 'starting' || status === 'connected') return null
  const failed = status === 'disk_failed'
  return (
    <div
      role="status"
      data-testid={failed ? 'disk-failed' : 'reconnecting'}
      className={
        failed
          ? 'flex items-center justify-center gap-2.5 bg-danger-ground px-4 py-2.5 font-medium text-on-danger'
          : 'flex items-center justify-center gap-2.5 border-b border-caution-line bg-caution-soft px-4 py-2.5 font-medium text-caution'
      }
    >
      {failed ? <OctagonAlert aria-hidden className="size-5 shrink-0" /> : <LoaderCircle aria-hidden className="size-5 shrink-0 animate-spin" />}
      {failed ? t('connection.disk_failed') : t('connection.lost')}
    </div>
  )
}

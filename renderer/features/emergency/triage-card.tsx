import clsx from 'clsx'
import { Phone, Siren, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { TriageFinding } from '../../../shared/contract/conversations.js'
import { useServices } from '../../app/services.js'

/** What the rules found: what to do now, before anything else that the answer says. */
export function TriageCard({ finding, alert = false }: { finding: TriageFinding; alert?: boolean }) {
  const { t } = useTranslation()
  const number = useStore(useServices().device, (state) => state.info?.emergency_number ?? '')
  const emergency = finding.level === 'emergency'
  const Icon = emergency ? Siren : TriangleAlert
  return (
    <section
      role={alert ? 'alert' : undefined}
      data-read-from={emergency || undefined}
      data-testid={emergency ? 'emergency-card' : 'urgent-card'}
      className={clsx(
        'flex flex-col gap-4 rounded-2xl p-5 sm:p-6',
        emergency ? 'bg-danger-ground text-on-danger' : 'border-2 border-caution-line bg-caution-soft text-ink',
      )}
    >
      <div className="flex items-start gap-3.5">
        <Icon aria-hidden className={clsx('mt-1 size-8 shrink-0', !emergency && 'text-caution')} />
        <div>
          <h3 className="font-serif text-2xl leading-tight font-semibold">{emergency ? t('emergency.title') : t('emergency.urgent_title')}</h3>
          {finding.reason && <p className="mt-1.5 text-lg">{finding.reason}</p>}
        </div>
      </div>
      {emergency && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl bg-raised px-4 py-3 text-lg font-medium text-ink">
          {number === '' ? (
            t('emergency.call_staff')
          ) : (
            <>
              <Phone aria-hidden className="size-6 shrink-0 text-danger" />
              {t('emergency.call')}
              <strong data-testid="emergency-number" className="text-2xl font-bold whitespace-nowrap text-danger tabular-nums">
                {number}
              </strong>
            </>
          )}
        </p>
      )}
      {finding.actions.length > 0 && (
        <div>
          <h4 className="mb-2 font-semibold">{t('emergency.actions')}</h4>
          <ol className="flex list-decimal flex-col gap-2 pl-6 text-lg">
            {finding.actions.map((action) => (
              <li key={action} className="pl-1">
                {action}
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  )
}

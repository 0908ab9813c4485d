/** What the device is and how it is: for the window before anybody signs in, and for monitoring. */
import type { OutputOf } from '../../../shared/contract/contract.js'
import type { AccountsService } from '../accounts/accounts-service.js'
import type { Database } from '../database/database.js'
import type { KnowledgeService } from '../knowledge/knowledge-service.js'
import type { ProvidersService } from '../providers/providers-service.js'
import type { BackendOptions } from '../process-messages.js'
import type { SettingsService } from '../settings/settings-service.js'
import type { DomainHandlers } from '../transport/handlers.js'

export interface SystemParts {
  options: BackendOptions
  database: Database
  accounts: AccountsService
  providers: ProvidersService
  knowledge: KnowledgeService
  settings: SettingsService
  notices: OutputOf<'system.info'>['notices']
}

/** A database that has not answered for this long counts as unavailable, ms. */
const unresponsiveAfterMs = 5_000

export function systemHandlers(parts: SystemParts): DomainHandlers<'system'> {
  return {
    root: async () => ({ message: 'Welcome to CareChat Track2 Backend!', status: 'healthy' }),
    info: async () => {
      const device = await parts.settings.device()
      return {
        version: parts.options.version,
        mode: parts.options.mode,
        kiosk: parts.options.kiosk,
        key_store: parts.options.keyStoreMode,
        has_administrator: await parts.accounts.hasAdministrator(),
        emergency_number: device.emergency_number,
        idle_minutes: device.idle_minutes,
        notices: parts.notices,
      }
    },
    health: async () => {
      // Asked of the thread's pulse and not by a query: a check must not wait behind what it checks.
      const database = parts.database.busyMs < unresponsiveAfterMs ? ('connected' as const) : ('unavailable' as const)
      const retrieval = parts.knowledge.health()
      const providers = parts.providers.health()
      return {
        status: database === 'unavailable' ? 'unhealthy' : retrieval.status === 'unavailable' ? 'degraded' : 'healthy',
        database,
        service: 'CareChat Desktop',
        providers: Object.fromEntries(Object.values(providers).map((state) => [state.provider, state.health])),
        retrieval,
        sync: { status: 'off' as const },
      }
    },
    providerHealth: async () => {
      const states = Object.values(parts.providers.health())
      const usable = states.filter((state) => state.enabled && state.configured)
      return {
        status: usable.some((state) => state.health === 'available') ? 'available' : usable.some((state) => state.health === 'unknown') ? 'unknown' : 'unavailable',
        providers: Object.fromEntries(
          states.map(({ provider, configured, enabled, health, model, last_error }) => [provider, { configured, enabled, health, model, last_error }]),
        ),
      }
    },
  }
}

/** Binds the contract's provider methods to the service. */
import type { DomainHandlers } from '../transport/handlers.js'
import type { ProvidersService } from './providers-service.js'

export function providersHandlers(providers: ProvidersService): DomainHandlers<'providers'> {
  return {
    list: async () => ({ providers: await providers.list() }),
    configure: (input) => providers.configure(input),
    setOrder: async (input) => ({ providers: await providers.setOrder(input.order) }),
    test: (input) => providers.test(input.provider),
  }
}

/** Binds the contract's consent methods to the service. */
import type { DomainHandlers } from '../transport/handlers.js'
import type { ConsentService } from './consent-service.js'

export function consentHandlers(consent: ConsentService): DomainHandlers<'consent'> {
  return {
    read: (_input, { person }) => consent.read(person),
    set: (input, { person }) => consent.set(person, input),
  }
}

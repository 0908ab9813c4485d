/** Binds the contract's settings methods to the service. */
import type { DomainHandlers } from '../transport/handlers.js'
import type { SettingsService } from './settings-service.js'

export function settingsHandlers(settings: SettingsService): DomainHandlers<'settings'> {
  return {
    preferences: (_input, { person }) => settings.preferences(person.userId),
    updatePreferences: (input, { person }) => settings.updatePreferences(person.userId, input),
    device: () => settings.device(),
    updateDevice: (input) => settings.updateDevice(input),
  }
}

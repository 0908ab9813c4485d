/** Binds the contract's account methods to the service. */
import type { DomainHandlers } from '../transport/handlers.js'
import type { AccountsService } from './accounts-service.js'

export function accountsHandlers(accounts: AccountsService): DomainHandlers<'accounts'> {
  return {
    signUp: (input) => accounts.signUp(input),
    signIn: (input) => accounts.signIn(input),
    refresh: (input) => accounts.refresh(input.refresh_token),
    signOut: async (_input, { person }) => {
      await accounts.signOut(person)
      return {}
    },
    continueAsGuest: (input) => accounts.continueAsGuest(input.preferred_language),
    me: (_input, { person }) => accounts.me(person),
    updateProfile: (input, { person }) => accounts.updateProfile(person, input),
    changePassword: (input, { person }) => accounts.changePassword(person, input),
    setUpAdministrator: (input) => accounts.setUpAdministrator(input),
    createStaff: (input) => accounts.createStaff(input),
    listStaff: async () => ({ staff: await accounts.listStaff() }),
  }
}

/** Binds the contract's chat methods to the service. */
import type { DomainHandlers } from '../transport/handlers.js'
import type { ChatService } from './chat-service.js'

export function chatHandlers(chat: ChatService): DomainHandlers<'chat'> {
  return {
    send: (input, context) => chat.send(input, context),
    regenerate: (input, context) => chat.regenerate(input, context),
    edit: (input, context) => chat.edit(input, context),
    stop: async (input, { person }) => ({ stopped: chat.stop(person, input.conversation_id) }),
  }
}

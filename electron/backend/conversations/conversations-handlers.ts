/** Binds the contract's conversation methods to the service. */
import type { DomainHandlers } from '../transport/handlers.js'
import type { ConversationsService } from './conversations-service.js'

export function conversationsHandlers(service: ConversationsService): DomainHandlers<'conversations'> {
  return {
    create: (input, { person }) => service.create(person.userId, input),
    list: (input, { person }) => service.list(person.userId, input),
    history: (input, { person }) => service.history(person.userId, input),
    rename: (input, { person }) => service.rename(person.userId, input.conversation_id, input.title),
    setFavorite: (input, { person }) => service.setFavorite(person.userId, input.conversation_id, input.is_favorite),
    setMetadata: (input, { person }) => service.setMetadata(person.userId, input),
    delete: (input, { person }) => service.delete(person.userId, input.conversation_id),
    restore: (input, { person }) => service.restore(person.userId, input.conversation_id),
    deleteMessage: (input, { person }) => service.deleteMessage(person.userId, input.message_id),
    restoreMessage: (input, { person }) => service.restoreMessage(person.userId, input.message_id),
    versions: async (input, { person }) => ({ versions: await service.versions(person.userId, input.message_id) }),
  }
}

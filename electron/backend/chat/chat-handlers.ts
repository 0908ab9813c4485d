/** Binds the contract's chat methods to the service. */
import type { DomainHandlers } from '../transport/handlers.js'
import type { ChatService } from './chat-service.js'
import type { AnswerCompletions } from './completions/answer-completions.js'
import type { ConversationWatch } from './conversation-watch.js'

export function chatHandlers(chat: ChatService, completions: AnswerCompletions, watch: ConversationWatch): DomainHandlers<'chat'> {
  return {
    send: (input, context) => chat.send(input, context),
    regenerate: (input, context) => chat.regenerate(input, context),
    edit: (input, context) => chat.edit(input, context),
    stop: async (input, { person }) => ({ stopped: chat.stop(person, input.conversation_id) }),
    watch: async (_input, context) => {
      await watch.watch(context.person, { emit: (change) => context.emit(change), signal: context.signal })
      return {}
    },
    completions: async (input, { person }) => ({ completions: await completions.list(person, input.conversation_id) }),
    complete: (input, { person }) => completions.request(person, input.message_id),
  }
}

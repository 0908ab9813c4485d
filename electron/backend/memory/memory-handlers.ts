/** Binds the contract's memory methods to the service; the conversation's owner alone reaches them. */
import { ContractError } from '../../../shared/contract/errors.js'
import { staff } from '../../../shared/contract/method.js'
import type { ConversationsService } from '../conversations/conversations-service.js'
import type { DomainHandlers } from '../transport/handlers.js'
import type { MemoryService } from './memory-service.js'

export function memoryHandlers(memory: MemoryService, conversations: ConversationsService): DomainHandlers<'memory'> {
  const conversationOf = async (ownerId: string, factId: string): Promise<string> => {
    const conversationId = await memory.conversationOf(factId)
    if (conversationId === null) throw new ContractError('not_found')
    return (await conversations.get(ownerId, conversationId)).conversation_id
  }
  return {
    remembered: async (input, { person, language }) => {
      await conversations.get(person.userId, input.conversation_id)
      return memory.remembered(input.conversation_id, { language, withCorrected: staff.includes(person.role) })
    },
    forget: async (input, { person }) => {
      await conversationOf(person.userId, input.fact_id)
      return memory.forget(input.fact_id)
    },
    restore: async (input, { person }) => {
      await conversationOf(person.userId, input.fact_id)
      return memory.restore(input.fact_id)
    },
    prompt: async (input, { person }) => {
      const message = await conversations.ownedMessage(person.userId, input.message_id)
      if (message.role !== 'assistant') throw new ContractError('not_found')
      return memory.promptOf(input.message_id)
    },
  }
}

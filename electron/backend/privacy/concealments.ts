/** The concealment of each conversation: made of the person's profile and of what they wrote, in order, and kept in memory alone. */
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import { RecentMap } from '../knowledge/search/recent-map.js'
import { Concealment } from './concealment.js'
import type { IdentifierFinder } from './identifier-finder.js'

export interface ConcealmentsParts {
  finder: IdentifierFinder
  /** Visible messages of a conversation after one sequence and before another, oldest first. */
  messages: { between(conversationId: string, afterSequence: number, beforeSequence: number): Promise<ChatMessage[]> }
  /** What a person's profile tells of them; null for somebody who is gone. */
  profileOf: (userId: string) => Promise<{ full_name: string; phone_number: string | null; email: string | null } | null>
}

const rememberedConversations = 100

export class Concealments {
  readonly #parts: ConcealmentsParts
  readonly #known = new RecentMap<string, { concealment: Concealment; throughSequence: number }>(rememberedConversations)

  constructor(parts: ConcealmentsParts) {
    this.#parts = parts
  }

  /** The concealment of a conversation that knows its messages up to a sequence. */
  async ofConversation(conversationId: string, ownerId: string, throughSequence: number): Promise<Concealment> {
    const known = this.#known.get(conversationId) ?? { concealment: await this.ofPerson(ownerId), throughSequence: 0 }
    if (known.throughSequence < throughSequence) {
      const messages = await this.#parts.messages.between(conversationId, known.throughSequence, throughSequence + 1)
      for (const message of messages) if (message.role === 'user') known.concealment.learn(message.content)
      known.throughSequence = throughSequence
    }
    this.#known.set(conversationId, known)
    return known.concealment
  }

  /** A concealment of its own for a text outside of any conversation. */
  async ofPerson(userId: string): Promise<Concealment> {
    const concealment = new Concealment(this.#parts.finder)
    const profile = await this.#parts.profileOf(userId)
    concealment.know('NAME', profile?.full_name ?? '')
    concealment.know('PHONE', profile?.phone_number ?? '')
    concealment.know('EMAIL', profile?.email ?? '')
    return concealment
  }
}

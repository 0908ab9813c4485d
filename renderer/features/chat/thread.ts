import type { Completion } from '../../../shared/contract/chat.js'
import type { ChatMessage, SearchResult, TriageFinding } from '../../../shared/contract/conversations.js'
import type { ErrorCode } from '../../../shared/contract/errors.js'
import type { ProviderName } from '../../../shared/contract/common.js'

/** The answer as far as it has been written; not yet on the disk as a whole. */
export interface LiveAnswer {
  messageId: string
  text: string
  provider: ProviderName | null
  model: string | null
}

/** What is going on in a conversation between a question and its final answer. */
export interface Activity {
  kind: 'send' | 'regenerate' | 'edit'
  /** `saving` until the question is on the disk, `waiting` until the first word, `writing` until the final message. */
  phase: 'saving' | 'waiting' | 'writing'
  /** The question, as long as it is only in this window. */
  unsavedQuestion: string | null
  /** Sequence from which messages become versions of the past once the question is accepted; null for a new question. */
  replacesFrom: number | null
  triage: TriageFinding | null
  sources: readonly SearchResult[]
  live: LiveAnswer | null
  /** The provider that did not answer, while the next one is asked. */
  fallbackFrom: ProviderName | null
  stopping: boolean
  /** The model's answer did not pass the check: the passages are about to answer. */
  withheld: boolean
}

/** One conversation in the window: its loaded messages, what is being written, and the draft of the next question. */
export interface Thread {
  messages: readonly ChatMessage[]
  hasEarlier: boolean
  status: 'new' | 'loading' | 'ready' | 'failed'
  loadingEarlier: boolean
  activity: Activity | null
  draft: string
  /** What went wrong with the last question, until the next one. */
  failure: { code: ErrorCode; /** Whether the question is on the disk and only its answer is missing. */ questionKept: boolean } | null
  /** A question that may or may not have arrived; asked again under the same id, it is stored once. */
  unsent: { text: string; clientMessageId: string } | null
  ratings: Readonly<Record<string, 'helpful' | 'not_helpful'>>
  /** Answers that wait for a model, by message. */
  completions: Readonly<Record<string, Completion>>
}

export const emptyThread: Thread = {
  messages: [],
  hasEarlier: false,
  status: 'new',
  loadingEarlier: false,
  activity: null,
  draft: '',
  failure: null,
  unsent: null,
  ratings: {},
  completions: {},
}

export function newActivity(kind: Activity['kind'], unsavedQuestion: string | null, replacesFrom: number | null): Activity {
  return { kind, phase: 'saving', unsavedQuestion, replacesFrom, triage: null, sources: [], live: null, fallbackFrom: null, stopping: false, withheld: false }
}

/** Adds or replaces messages, in the order of the conversation. */
export function mergeMessages(messages: readonly ChatMessage[], changed: readonly ChatMessage[]): readonly ChatMessage[] {
  const byId = new Map([...messages, ...changed].map((message) => [message.message_id, message]))
  return [...byId.values()].sort((one, other) => one.sequence - other.sequence)
}

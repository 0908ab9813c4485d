/** How an answer is asked for. */
import type { ProviderName } from '../../../shared/contract/common.js'
import type { RetrievalStrategy } from '../../../shared/contract/conversations.js'

export interface AnswerPreferences {
  provider?: ProviderName | null | undefined
  model?: string | null | undefined
  temperature?: number | null | undefined
  use_rag: boolean
  strategy: RetrievalStrategy
  top_k: number
  threshold?: number | undefined
  /** Answer from these documents alone. */
  document_ids?: string[] | undefined
}

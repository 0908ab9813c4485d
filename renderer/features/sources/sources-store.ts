import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Client } from '../../../shared/contract/client.js'
import type { Language } from '../../../shared/contract/common.js'
import type { OutputOf } from '../../../shared/contract/contract.js'
import type { SearchResult } from '../../../shared/contract/conversations.js'
import { ContractError, type ErrorCode } from '../../../shared/contract/errors.js'

export type OpenedDocument = OutputOf<'knowledge.open'>

export interface OpenSource {
  /** The passage that the answer cites. */
  source: SearchResult
  /** Its number in the answer, from 1; null for a document that was opened by itself. */
  number: number | null
  /** The language that the article is shown in; offsets of the passage hold in `source.lang` only. */
  lang: Language
  document: OpenedDocument | null
  /** Offset around which a long document is shown. */
  at: number
  failure: ErrorCode | null
}

export interface SourcesStore extends StoreApi<{ open: OpenSource | null }> {
  show(source: SearchResult, number: number | null): Promise<void>
  /** Shows another part of a long document: what stands around this offset. */
  showAround(at: number): Promise<void>
  switchLanguage(lang: Language): Promise<void>
  close(): void
}

/** The source that is open beside the conversation. */
export function createSourcesStore(client: Pick<Client, 'knowledge'>): SourcesStore {
  const store = createStore<{ open: OpenSource | null }>(() => ({ open: null }))
  const load = async (open: OpenSource): Promise<void> => {
    store.setState({ open })
    try {
      const document = await client.knowledge.open({ document_id: open.source.document_id, lang: open.lang, at: open.at })
      if (store.getState().open === open) store.setState({ open: { ...open, document } })
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      if (store.getState().open === open) store.setState({ open: { ...open, failure: error.code } })
    }
  }
  return {
    ...store,
    show: (source, number) => load({ source, number, lang: source.lang, at: source.start, document: null, failure: null }),
    showAround: async (at) => {
      const { open } = store.getState()
      if (open) await load({ ...open, at, failure: null })
    },
    switchLanguage: async (lang) => {
      const { open } = store.getState()
      if (open) await load({ ...open, lang, document: null, failure: null })
    },
    close: () => store.setState({ open: null }),
  }
}

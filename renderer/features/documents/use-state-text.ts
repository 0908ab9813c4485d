import { useTranslation } from 'react-i18next'
import type { DocumentState } from '../../../shared/contract/documents.js'

/** What is being done with a document, in words; `done` of `total` are pages or passages. */
export function useStateText(): (state: DocumentState, done: number, total: number) => string {
  const { t, i18n } = useTranslation()
  return (state, done, total) => {
    if (state === 'parsing' && total > 0) return t('documents.state.parsing_part', { done, total })
    if (state === 'indexing' && total > 0) return t('documents.state.indexing_part', { percent: new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(done / total) })
    return t(`documents.state.${state}`)
  }
}

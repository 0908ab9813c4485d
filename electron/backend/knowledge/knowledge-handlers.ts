/** Binds the contract's knowledge methods to the service. */
import { ContractError } from '../../../shared/contract/errors.js'
import type { SettingsService } from '../settings/settings-service.js'
import type { DomainHandlers } from '../transport/handlers.js'
import type { KnowledgeService } from './knowledge-service.js'

export function knowledgeHandlers(knowledge: KnowledgeService, settings: Pick<SettingsService, 'device'>): DomainHandlers<'knowledge'> {
  return {
    search: async (input, { person }) => {
      const found = await knowledge.retrieve({
        query: input.query,
        strategy: input.strategy,
        topK: input.top_k,
        ...(input.threshold === undefined ? {} : { threshold: input.threshold }),
        ...(input.language === undefined ? {} : { language: input.language }),
        reader: { role: person.role, userId: person.userId },
      })
      return { results: found.results, strategy: found.strategy, cache: found.cache, processing_time_ms: found.processingTimeMs, keyword_only: found.keywordOnly }
    },
    open: (input, { person }) => knowledge.open(input.document_id, input.lang, { role: person.role, userId: person.userId }, input.at),
    list: async (input, { person }) => ({ documents: await knowledge.list(input.lang, { role: person.role, userId: person.userId }) }),
    importSummaries: async () => {
      const { clinical_summaries_path: path } = await settings.device()
      if (path === '') {
        throw new ContractError('validation_failed', { fields: [{ field: 'clinical_summaries_path', code: 'required', message: 'No path is configured' }] })
      }
      const rows = await knowledge.importSummaries(path)
      return { imported: rows.imported, skipped: rows.skipped }
    },
  }
}

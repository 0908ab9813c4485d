/** Binds the contract's documents methods to the service. */
import type { DomainHandlers } from '../transport/handlers.js'
import type { DocumentsService } from './documents-service.js'
import type { WatchFolder } from './watch-folder.js'

export function documentsHandlers(documents: DocumentsService, watchFolder: Pick<WatchFolder, 'describe'>): DomainHandlers<'documents'> {
  return {
    upload: (input, context) => documents.upload(context.person, input, context),
    list: async (_input, { person }) => ({ documents: await documents.list(person), watched_folder: watchFolder.describe() }),
    remove: async (input, { person }) => {
      await documents.remove(person, input.document_id)
      return { document_id: input.document_id }
    },
    setAudience: (input, { person }) => documents.setAudience(person, input.document_id, input.audience),
  }
}

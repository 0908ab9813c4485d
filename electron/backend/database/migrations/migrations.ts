/** Every migration in order. A migration that was released is never changed, only followed by another. */
import type { Migration } from '../migrate.js'
import { migration0001 } from './0001-accounts-and-conversations.js'
import { migration0002 } from './0002-clinical-index.js'

export const migrations: readonly Migration[] = [migration0001, migration0002]

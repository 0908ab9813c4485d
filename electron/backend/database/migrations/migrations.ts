/** Every migration in order. A migration that was released is never changed, only followed by another. */
import type { Migration } from '../migrate.js'
import { migration0001 } from './0001-accounts-and-conversations.js'
import { migration0002 } from './0002-clinical-index.js'
import { migration0003 } from './0003-documents.js'
import { migration0004 } from './0004-memory.js'
import { migration0005 } from './0005-answers.js'
import { migration0006 } from './0006-voice.js'

export const migrations: readonly Migration[] = [migration0001, migration0002, migration0003, migration0004, migration0005, migration0006]

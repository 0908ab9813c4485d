/** Makes the tar of an empty, migrated database; run by the build through tsx with the tar's path. */
import { resolve } from 'node:path'
import { prepareDatabase } from '../backend/database/prepare.ts'

const target = process.argv[2]
if (!target) throw new Error('usage: prepare-database.mjs TAR')
await prepareDatabase(resolve(target))

/** Entry of the database thread. */
import { runDatabaseThread } from './database-thread.js'

await runDatabaseThread()

/** A database thread that does not answer for the folder that it is first given, and is the product's for every other. */
import fs from 'node:fs'
import path from 'node:path'
import { workerData } from 'node:worker_threads'
import { runDatabaseThread } from '../database-thread.js'

const { folder } = workerData as { folder: string }
// Once the folder was set aside, the thread is as it should be.
if (fs.existsSync(path.join(folder, '..', 'quarantine'))) await runDatabaseThread()
else for (;;);

/** The database thread on a disk that a test counts and lets fail; its worker data holds the control's memory as `disk`. */
import { workerData } from 'node:worker_threads'
import { runDatabaseThread } from '../database-thread.js'
import { DiskControl } from './disk-control.js'

await runDatabaseThread({ disk: new DiskControl((workerData as { disk: SharedArrayBuffer }).disk).disk() })

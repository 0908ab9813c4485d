/** The thread that writes the clinical index: one change after the other, each answered with its number and, where it failed, an error's name. */
import { parentPort } from 'node:worker_threads'
import { writeSegment, type SegmentChange } from './segment-writer.js'

export interface FromIndexWorker {
  id: number
  /** An error's name, or null when the change is on disk. */
  failure: string | null
}

if (!parentPort) throw new Error('the index thread needs a parent')
const parent = parentPort
let last = Promise.resolve()
parent.on('message', ({ id, change }: { id: number; change: SegmentChange }) => {
  last = last
    .then(() => writeSegment(change))
    .then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
    )
    .then((failure) => parent.postMessage({ id, failure } satisfies FromIndexWorker))
})

/** A document thread that breaks in the way that the file's name says. */
import { parentPort, workerData } from 'node:worker_threads'

const { fileName } = workerData as { fileName: string }
const held: unknown[] = []
switch (fileName) {
  case 'hang':
    for (;;) Math.sqrt(held.length)
  case 'heap':
    for (;;) held.push(Array.from({ length: 100_000 }, (_, at) => `${at}`))
  case 'buffers':
    // Outside of the heap, as unpacked streams are.
    setInterval(() => held.push(Buffer.alloc(32 * 1024 * 1024, 1)), 5)
    break
  case 'throw':
    throw new Error('a secret text of the document')
  case 'exit':
    process.exit(3)
  // falls through
  default:
    parentPort?.postMessage({ type: 'progress', done: 1, total: 2 })
    setInterval(() => undefined, 1000)
}

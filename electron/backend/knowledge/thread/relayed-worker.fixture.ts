/**
 * The knowledge thread for tests that start more than one: it runs the real one in a process of its own and relays the messages, because
 * a process can load the model's runtime in one thread only.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'

if (!parentPort) throw new Error('the knowledge thread needs a parent')
const port = parentPort
const child = fork(join(import.meta.dirname, 'knowledge-process.fixture.ts'), { execArgv: ['--import', 'tsx'], serialization: 'advanced', env: { ...process.env, KNOWLEDGE_DATA: JSON.stringify(workerData) } })
child.on('message', (message) => port.postMessage(message))
child.on('exit', () => port.close())
port.on('message', (message) => child.connected && child.send(message))

/**
 * Entry of the backend process that the Electron shell forks. It speaks to the shell over `process.parentPort`, whose shape is Electron's,
 * and serves the contract on the message ports that the shell hands over.
 */
import { createBackend, type Backend } from './backend.js'
import { FolderVersionError } from './database/data-folder.js'
import { FolderInUseError } from './database/folder-lock.js'
import { ParentKeyStore } from './keys/parent-key-store.js'
import { createLogger } from './logging/logger.js'
import { diskFailureExitCode, type BackendMessage, type BackendOptions, type ShellMessage } from './process-messages.js'
import { servePort, type Port } from './transport/port-transport.js'

/** Electron's MessagePortMain, as far as it is used. */
interface ElectronPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
  close(): void
}
interface ParentPort {
  postMessage(message: BackendMessage): void
  on(event: 'message', listener: (event: { data: ShellMessage; ports: ElectronPort[] }) => void): void
}

const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
if (!parentPort) throw new Error('this entry is forked by the Electron shell; use serve.js without Electron')
const shell = parentPort
const logger = createLogger()
const tell = (message: BackendMessage): void => shell.postMessage(message)
const keyStores: ParentKeyStore[] = []
const connections = new Map<number, Port>()
let starting: Promise<Backend> | undefined
let running: Backend | undefined

function adapt(port: ElectronPort): Port {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data))
      port.start()
    },
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  }
}

async function start(options: BackendOptions): Promise<Backend> {
  const keyStore = new ParentKeyStore(options.keyStoreMode, tell)
  keyStores.push(keyStore)
  try {
    const backend = await createBackend({ options, keyStore, logger, environment: process.env, onDatabaseEnd: (exitCode) => process.exit(exitCode === 0 ? 1 : exitCode) })
    running = backend
    tell({ type: 'ready' })
    return backend
  } catch (error) {
    logger.error({ err: error, event: 'start_failed' }, 'the backend cannot start')
    const reason = error instanceof FolderInUseError ? 'folder_in_use' : error instanceof FolderVersionError ? 'folder_newer' : 'unexpected'
    tell({ type: 'refused', reason })
    // The message has to leave before the process does.
    setTimeout(() => process.exit(1), 50)
    throw error
  }
}

shell.on('message', ({ data: message, ports }) => {
  switch (message.type) {
    case 'start':
      starting ??= start(message.options)
      starting.catch(() => undefined)
      return
    case 'connect': {
      const [received] = ports
      if (!received) return
      const port = adapt(received)
      connections.set(message.connectionId, port)
      port.onClose(() => connections.delete(message.connectionId))
      // A port that comes before the backend is ready waits for it; one that comes to a backend that cannot start is closed.
      Promise.resolve(starting).then(
        (backend) => (backend ? servePort(port, backend.router, `window:${message.connectionId}`) : port.close()),
        () => port.close(),
      )
      return
    }
    case 'disconnect':
      connections.get(message.connectionId)?.close()
      connections.delete(message.connectionId)
      return
    case 'ping':
      tell({ type: 'pong', sequence: message.sequence, databaseBusyMs: running?.database.busyMs ?? 0 })
      return
    case 'key':
      for (const keyStore of keyStores) keyStore.settle(message)
      return
    case 'shut-down':
      void Promise.resolve(starting)
        .then((backend) => backend?.close())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        )
  }
})

process.on('uncaughtException', (error) => {
  logger.fatal({ err: error, event: 'uncaught' }, 'the backend ends')
  process.exit((error as NodeJS.ErrnoException).code === 'ENOSPC' || (error as NodeJS.ErrnoException).code === 'EIO' ? diskFailureExitCode : 1)
})

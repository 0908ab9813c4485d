/** Entry without Electron: the same backend and the built window over HTTP on loopback. `serve.js --port N --data DIR [--kiosk]`. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createBackend } from './backend.js'
import { FolderVersionError } from './database/data-folder.js'
import { FolderInUseError } from './database/folder-lock.js'
import { FileKeyStore } from './keys/file-key-store.js'
import { createLogger } from './logging/logger.js'
import { createHttpTransport } from './transport/http-transport.js'

const defaultPort = 8000
const closeLimitMs = 10_000

/** Where a user's data lies by the custom of the system. */
function defaultDataFolder(): string {
  if (process.platform === 'win32') return path.join(process.env['LOCALAPPDATA'] ?? path.join(os.homedir(), 'AppData', 'Local'), 'carechat')
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support', 'carechat')
  return path.join(process.env['XDG_DATA_HOME'] ?? path.join(os.homedir(), '.local', 'share'), 'carechat')
}

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const { values } = parseArgs({
  options: { port: { type: 'string' }, data: { type: 'string' }, kiosk: { type: 'boolean', default: false } },
  strict: false,
})
const port = values.port === undefined ? defaultPort : Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse('CareChat cannot start: --port takes a number from 0 to 65535.')
const dataFolder = path.resolve(typeof values.data === 'string' ? values.data : (process.env['CARECHAT_DATA'] ?? defaultDataFolder()))
const resourcesFolder = fileURLToPath(new URL('../..', import.meta.url))
const { version } = JSON.parse(fs.readFileSync(path.join(resourcesFolder, 'package.json'), 'utf8')) as { version: string }
const logger = createLogger()
fs.mkdirSync(dataFolder, { recursive: true, mode: 0o700 })

try {
  const backend = await createBackend({
    options: { dataFolder, resourcesFolder, version, mode: 'serve', kiosk: values.kiosk === true, keyStoreMode: 'file' },
    keyStore: new FileKeyStore(dataFolder),
    logger,
    environment: process.env,
    onDatabaseEnd: (exitCode) => process.exit(exitCode === 0 ? 1 : exitCode),
  })
  const server = createHttpTransport({ router: backend.router, version, rendererFolder: path.join(resourcesFolder, 'dist', 'renderer') })
  await server.listen({ host: '127.0.0.1', port })
  const address = server.server.address()
  const servedPort = typeof address === 'object' && address !== null ? address.port : port
  process.stdout.write(`CareChat is served at http://127.0.0.1:${servedPort}/\n`)

  let closing = false
  const close = (): void => {
    if (closing) return
    closing = true
    setTimeout(() => process.exit(1), closeLimitMs).unref()
    void Promise.allSettled([server.close(), backend.close()]).then(() => process.exit(0))
  }
  process.on('SIGINT', close).on('SIGTERM', close)
} catch (error) {
  if (error instanceof FolderInUseError) refuse(`CareChat cannot start: another CareChat is already using the data folder ${dataFolder}.`)
  if (error instanceof FolderVersionError) refuse(`CareChat cannot start: the data folder ${dataFolder} was written by a newer version. Nothing was changed.`)
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') refuse(`CareChat cannot start: port ${port} is taken. Choose another with --port.`)
  logger.fatal({ err: error, event: 'start_failed' }, 'CareChat cannot start')
  process.exit(1)
}

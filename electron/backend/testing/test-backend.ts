/** A whole backend on a temporary folder for tests: everything real but bcrypt's cost, the clock where asked, and the providers' wire. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient, type Client, type Transport } from '../../../shared/contract/client.js'
import type { Session } from '../../../shared/contract/accounts.js'
import type { Language } from '../../../shared/contract/common.js'
import { consentVersion } from '../../../shared/contract/consent.js'
import { createBackend, type Backend } from '../backend.js'
import type { CompletionLimits } from '../chat/completions/answer-completions.js'
import { FileKeyStore } from '../keys/file-key-store.js'
import { createLogger, type Logger } from '../logging/logger.js'

export const projectFolder = fileURLToPath(new URL('../../..', import.meta.url))
/** Cheapest cost that bcrypt takes. */
const testPasswordCost = 4

export interface TestBackend extends Backend {
  dataFolder: string
  /** A client of the contract that calls the router directly, with the tokens of `session` if one is given. */
  client(session?: Session | null, language?: Language): Client
  /** A signed-in patient, made on the spot, who agreed to online answers unless told otherwise. */
  patient(phoneNumber: string, options?: { consent?: boolean; fullName?: string }): Promise<{ session: Session; client: Client }>
  /** Closes the backend and removes its folder. */
  remove(): Promise<void>
}

export interface TestBackendOptions {
  dataFolder?: string
  environment?: NodeJS.ProcessEnv
  now?: () => Date
  onDatabaseEnd?: (exitCode: number) => void
  logger?: Logger
  /** False leaves the embedding model out: retrieval by keyword alone, and two cores to the test. */
  model?: boolean
  kiosk?: boolean
  completionLimits?: Partial<CompletionLimits>
}

/** A transport straight into the router. */
export function directTransport(backend: Backend): Transport {
  return {
    request: ({ method, input, token, language, onEvent, signal }) =>
      backend.router.handle({ method, input, token, language, connection: 'test', ...(onEvent ? { onEvent } : {}), ...(signal ? { signal } : {}) }),
    close: () => undefined,
  }
}

/** A folder that is removed by the operating system's own cleaning at the latest. */
export function temporaryFolder(name: string): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), `carechat-${name}-`))
}

/** The project's resources without its embedding model, in a folder of links. */
function resourcesWithoutModel(): string {
  const folder = temporaryFolder('resources')
  for (const name of ['data', 'dist']) fs.symlinkSync(path.join(projectFolder, name), path.join(folder, name), 'junction')
  return folder
}

/** Starts a backend. Uses the built prepared database where there is one, as the product does. */
export async function startTestBackend(options: TestBackendOptions = {}): Promise<TestBackend> {
  const dataFolder = options.dataFolder ?? temporaryFolder('backend')
  const resourcesFolder = options.model === false ? resourcesWithoutModel() : projectFolder
  const backend = await createBackend({
    options: { dataFolder, resourcesFolder, version: '0.0.0-test', mode: 'serve', kiosk: options.kiosk ?? false, keyStoreMode: 'file' },
    keyStore: new FileKeyStore(dataFolder),
    logger: options.logger ?? createLogger(),
    environment: { RATE_LIMIT_PER_MINUTE: '10000', ...options.environment },
    onDatabaseEnd:
      options.onDatabaseEnd ??
      ((exitCode) => {
        throw new Error(`the database thread ended with ${exitCode}`)
      }),
    ...(options.now ? { now: options.now } : {}),
    passwordCost: testPasswordCost,
    ...(options.completionLimits ? { completionLimits: options.completionLimits } : {}),
  })
  const client = (session: Session | null = null, language: Language = 'en'): Client =>
    createClient(directTransport(backend), { accessToken: () => session?.access_token ?? null, language: () => language, renew: async () => false })
  const close = async (): Promise<void> => {
    await backend.close()
    if (resourcesFolder !== projectFolder) fs.rmSync(resourcesFolder, { recursive: true, force: true })
  }
  return {
    ...backend,
    close,
    dataFolder,
    client,
    patient: async (phoneNumber, { consent = true, fullName = 'Test Person' } = {}) => {
      const password = 'a fine long password'
      await client().accounts.signUp({ full_name: fullName, phone_number: phoneNumber, password })
      const session = await client().accounts.signIn({ phone_number: phoneNumber, password })
      if (consent) await client(session).consent.set({ given: true, version: consentVersion, language: 'en' })
      return { session, client: client(session) }
    },
    remove: async () => {
      await close()
      fs.rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}


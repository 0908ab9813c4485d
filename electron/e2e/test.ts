/** What every test has: the app and its window, a provider that is not real, data folders of its own. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test as base, type TestInfo } from '@playwright/test'
import { FakeProviderServer } from '../backend/providers/fake/fake-provider-server.js'
import type { App, StartOptions, Target } from './apps/app.js'
import { startApp } from './apps/start-app.js'
import { preparedFolderVariable } from './prepare.js'
import { Screens } from './screens/screens.js'

export { expect } from '@playwright/test'

export interface EndToEndOptions {
  target: Target
}

/** Whether the shared app knows of providers that answer, or of none at all. */
export type Network = 'on' | 'off'

interface TestFixtures {
  network: Network
  /** Starts an app for this test alone, on a folder of its own unless one is given; it ends with the test. */
  launch: (options?: Partial<StartOptions>) => Promise<{ app: App; screens: Screens }>
  /** One of the two shared apps, at its welcome screen, nobody signed in. */
  app: App
  screens: Screens
  /** A data folder as after a first start, with the index built. */
  newDataFolder: () => string
}

interface WorkerFixtures extends EndToEndOptions {
  fake: FakeProviderServer
  /** Gives the app that the tests of a kind of network share; it starts when it is first asked for. */
  sharedApp: (network: Network) => Promise<App>
}

function makeDataFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carechat-e2e-'))
  const prepared = process.env[preparedFolderVariable]
  if (prepared === undefined) throw new Error('prepare.ts has not run')
  fs.cpSync(prepared, folder, { recursive: true })
  return folder
}

async function attachErrors(app: App, info: TestInfo): Promise<void> {
  if (info.status !== info.expectedStatus) await info.attach('standard error of the app', { body: app.errors(), contentType: 'text/plain' })
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  target: ['desktop', { scope: 'worker', option: true }],

  fake: [
    async ({ target: _target }, use) => {
      const fake = await FakeProviderServer.start({ tokenDelayMs: 20, wordsBeforeFault: 60 })
      await use(fake)
      await fake.close()
    },
    { scope: 'worker' },
  ],

  sharedApp: [
    async ({ target, fake }, use) => {
      const started = new Map<Network, App>()
      await use(async (network) => {
        const running = started.get(network)
        if (running) return running
        const app = await startApp(target, { dataFolder: makeDataFolder(), environment: network === 'on' ? fake.environment : {} })
        started.set(network, app)
        return app
      })
      for (const app of started.values()) {
        await app.stop()
        fs.rmSync(app.dataFolder, { recursive: true, force: true })
      }
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  network: ['on', { option: true }],

  app: async ({ sharedApp, fake, network }, use, info) => {
    fake.setMode('normal')
    const app = await sharedApp(network)
    await app.page.evaluate(() => {
      sessionStorage.clear()
      localStorage.clear()
    })
    await app.page.reload()
    await use(app)
    await attachErrors(app, info)
  },

  screens: async ({ app }, use) => {
    await use(new Screens(app.page))
  },

  newDataFolder: async ({ target: _target }, use) => {
    const folders: string[] = []
    await use(() => {
      const folder = makeDataFolder()
      folders.push(folder)
      return folder
    })
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
  },

  launch: async ({ target, newDataFolder }, use, info) => {
    const apps: App[] = []
    await use(async (options = {}) => {
      const app = await startApp(target, { ...options, dataFolder: options.dataFolder ?? newDataFolder() })
      apps.push(app)
      return { app, screens: new Screens(app.page) }
    })
    for (const app of apps.reverse()) {
      await attachErrors(app, info)
      await app.stop()
    }
  },
})

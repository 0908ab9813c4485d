import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { chromium, expect, type Browser, type Page } from '@playwright/test'
import type { App, StartOptions } from './app.js'
import { endProcess, ended, killAll } from './end-processes.js'
import { appEnvironment } from './environment.js'
import { packagedExecutable, sandboxSwitches } from './executables.js'

/** The packaged Linux app, driven over the debugging port that its tests alone may open. */
export class PackagedApp implements App {
  readonly target = 'packaged'
  readonly page: Page
  readonly dataFolder: string
  readonly #child: ChildProcess
  readonly #browser: Browser
  readonly #errors: () => string

  private constructor(child: ChildProcess, browser: Browser, page: Page, dataFolder: string, errors: () => string) {
    this.#child = child
    this.#browser = browser
    this.page = page
    this.dataFolder = dataFolder
    this.#errors = errors
  }

  static async start({ dataFolder, environment, kiosk }: StartOptions): Promise<PackagedApp> {
    const args = [...sandboxSwitches, '--remote-debugging-port=0', '--data', dataFolder, ...(kiosk ? ['--kiosk'] : [])]
    const env = { ...appEnvironment(environment), CARECHAT_E2E: '1', CARECHAT_KEY_STORE: 'file' }
    const child = spawn(packagedExecutable, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    const address = await new Promise<string>((resolve, reject) => {
      child.stderr.on('data', (piece: Buffer) => {
        errors += piece.toString()
        const found = /DevTools listening on (ws:\S+)/.exec(errors)
        if (found?.[1]) resolve(found[1])
      })
      child.once('exit', (code) => reject(new Error(`the packaged app ended with ${code}: ${errors}`)))
    })
    await hasPage(address)
    const browser = await chromium.connectOverCDP(address)
    const context = browser.contexts()[0]!
    const page = context.pages()[0] ?? (await context.waitForEvent('page'))
    return new PackagedApp(child, browser, page, dataFolder, () => errors)
  }

  errors(): string {
    return this.#errors()
  }

  async killBackend(): Promise<void> {
    const backend = descendants(this.#child.pid!).filter((pid) => commandLine(pid).includes('--utility-sub-type=node.mojom.NodeService'))
    if (backend.length !== 1) throw new Error(`${backend.length} backend processes`)
    killAll(backend)
  }

  async restoreBackend(): Promise<void> {
    // The shell does.
  }

  async kill(): Promise<void> {
    killAll([this.#child.pid!, ...descendants(this.#child.pid!)])
    await ended(this.#child)
    await this.#browser.close()
  }

  async stop(): Promise<void> {
    await this.page.close()
    await endProcess(this.#child, 'SIGTERM')
    await this.#browser.close()
  }
}

/** Resolves when the app's window is listed by its debugging port: a connection made while the window is still being made can hang. */
async function hasPage(address: string): Promise<void> {
  const list = address.replace(/^ws/, 'http').replace(/\/devtools\/.*$/, '/json/list')
  await expect
    .poll(
      async () => {
        const targets = (await (await fetch(list)).json()) as { type: string; url: string }[]
        return targets.some(({ type, url }) => type === 'page' && url.startsWith('carechat://'))
      },
      { timeout: 60_000 },
    )
    .toBe(true)
}

/** Every process below this one, on Linux. */
function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const)
  const below = (parent: number): number[] => parents.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

function parentOf(pid: string): number | null {
  return Number(/\) \S (\d+)/.exec(readProcess(pid, 'stat'))?.[1] ?? Number.NaN) || null
}

function commandLine(pid: number): string {
  return readProcess(String(pid), 'cmdline')
}

/** Empty for a process that has just ended. */
function readProcess(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}

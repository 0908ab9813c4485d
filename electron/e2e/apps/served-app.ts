import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import type { App, StartOptions } from './app.js'
import { endProcess, ended } from './end-processes.js'
import { appEnvironment } from './environment.js'
import { chromiumExecutable, microphoneSwitches, projectFolder, sandboxSwitches } from './executables.js'

/** A `serve` process that has said its address. */
export interface Serving {
  child: ChildProcess
  address: string
  errors(): string
}

/** Starts `serve` and waits for its address. @throws Error with what it wrote when it ended instead */
export async function startServing(options: StartOptions & { port?: number }): Promise<Serving> {
  const child = spawnServe(options)
  let output = ''
  let errors = ''
  child.stderr?.on('data', (piece: Buffer) => (errors += piece.toString()))
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (piece: Buffer) => {
      output += piece.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)
      if (found) resolve(found[0])
    })
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${errors}`)))
  })
  return { child, address, errors: () => errors }
}

/** Starts `serve` without waiting. */
export function spawnServe({ dataFolder, environment, kiosk, port = 0 }: StartOptions & { port?: number }): ChildProcess {
  const args = [path.join(projectFolder, 'dist', 'backend', 'serve.js'), '--port', String(port), '--data', dataFolder, ...(kiosk ? ['--kiosk'] : [])]
  return spawn(process.execPath, args, { cwd: projectFolder, env: appEnvironment(environment), stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The served app in Chromium. */
export class ServedApp implements App {
  readonly target = 'browser'
  readonly page: Page
  readonly dataFolder: string
  readonly #options: StartOptions
  readonly #browser: Browser
  #serving: Serving

  private constructor(options: StartOptions, serving: Serving, browser: Browser, page: Page) {
    this.#options = options
    this.dataFolder = options.dataFolder
    this.#serving = serving
    this.#browser = browser
    this.page = page
  }

  static async start(options: StartOptions): Promise<ServedApp> {
    const serving = await startServing(options)
    const browser = await chromium.launch({
      executablePath: await chromiumExecutable(),
      args: [...sandboxSwitches, '--disable-gpu', '--disable-background-networking', ...microphoneSwitches(options.microphone)],
    })
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write', ...(options.microphone === 'none' ? [] : ['microphone'])] })
    const page = await context.newPage()
    await page.goto(serving.address)
    return new ServedApp(options, serving, browser, page)
  }

  /** Where it is served, with a slash at the end. */
  get address(): string {
    return this.#serving.address
  }

  errors(): string {
    return this.#serving.errors()
  }

  async killBackend(): Promise<void> {
    this.#serving.child.kill('SIGKILL')
    await ended(this.#serving.child)
  }

  async restoreBackend(): Promise<void> {
    this.#serving = await startServing({ ...this.#options, port: Number(new URL(this.#serving.address).port) })
  }

  async kill(): Promise<void> {
    await this.killBackend()
    await this.#browser.close()
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await endProcess(this.#serving.child, 'SIGTERM')
  }
}
